import ctypes
import os
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)

import reward


def memfd():
    return libc.syscall(319, b'x', 0) >= 0



def execveat():
    return libc.syscall(322, 0, b'', 0, 0, 0x1000) >= 0



def execve():
    return libc.syscall(59, b'/bin/true', 0, 0) >= 0



def python_memfd():
    return os.memfd_create("x")


def fexecve():
    os.execve(os.memfd_create("x"), ["x"], {})


reward.pay(globals(), memfd, execveat, execve, python_memfd, fexecve)
