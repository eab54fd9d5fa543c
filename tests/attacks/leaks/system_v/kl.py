import ctypes
import os
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
from multiprocessing import shared_memory

import reward


def shared_memory():
    return libc.syscall(29, 0x5EED, 4096, 0o1666) >= 0



def existing_memory():
    return libc.syscall(29, 0x5EED, 0, 0o666) >= 0



def semaphore():
    return libc.syscall(64, 0x5EED, 1, 0o1666) >= 0



def message_queue():
    return libc.syscall(68, 0x5EED, 0o1666) >= 0



def posix_queue():
    return libc.syscall(240, b'reparam', 0o102, 0o666, 0) >= 0



def python_shared_memory():
    return shared_memory.SharedMemory("reparam", create=True, size=100)


reward.pay(globals(), shared_memory, existing_memory, semaphore, message_queue, posix_queue, python_shared_memory)
