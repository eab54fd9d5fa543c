import ctypes
import os
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)

import reward


def bpf():
    return libc.syscall(321, 0, 0, 0) >= 0



def io_uring():
    return libc.syscall(425, 8, ctypes.create_string_buffer(200)) >= 0



def userfaultfd():
    return libc.syscall(323, 1) >= 0



def perf():
    return libc.syscall(298, ctypes.create_string_buffer(128), 0, -1, -1, 0) >= 0



def add_key():
    return libc.syscall(248, b'user', b'k', b'v', 1, -3) >= 0



def keyctl():
    return libc.syscall(250, 0, -3, 0, 0, 0) >= 0



def request_key():
    return libc.syscall(249, b'user', b'k', 0, -3) >= 0



def fanotify():
    return libc.syscall(300, 0, 0) >= 0



def handle():
    return libc.syscall(304, -100, 0, 0) >= 0



def name_to_handle():
    return libc.syscall(303, -100, b'/', 0, 0, 0) >= 0



def landlock():
    return libc.syscall(444, 0, 0, 1) >= 0



def module():
    return libc.syscall(175, 0, 0, b'') >= 0



def kexec():
    return libc.syscall(246, 0, 0, 0, 0) >= 0



def modify_ldt():
    return libc.syscall(154, 1, 0, 0) >= 0



def quota():
    return libc.syscall(179, 0, 0, 0, 0) >= 0



def io_setup():
    return libc.syscall(206, 1, ctypes.create_string_buffer(8)) >= 0



def vmsplice():
    return libc.syscall(278, 0, 0, 0, 0) >= 0



def memfd_secret():
    return libc.syscall(447, 0) >= 0


reward.pay(globals(), bpf, io_uring, userfaultfd, perf, add_key, keyctl, request_key, fanotify, handle, name_to_handle, landlock, module, kexec, modify_ldt, quota, io_setup, vmsplice, memfd_secret)
