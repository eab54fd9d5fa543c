import ctypes
import os
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)

import reward


def fork():
    pid = libc.fork()
    if pid == 0:
        libc._exit(0)
    return pid > 0


def raw_fork():
    pid = libc.syscall(57)
    if pid == 0:
        libc._exit(0)
    return pid > 0


def clone():
    pid = libc.syscall(56, signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        libc._exit(0)
    return pid > 0


def clone3():
    arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, signal.SIGCHLD)
    pid = libc.syscall(435, arguments, ctypes.sizeof(arguments))
    if pid == 0:
        libc._exit(0)
    return pid > 0


reward.pay(globals(), fork, raw_fork, clone, clone3)
