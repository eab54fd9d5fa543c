import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)

import reward


def try_ring():
    return any(libc.syscall(425, entries, room) >= 0 for entries in (1, 8, 4096))


def try_ring_with_flags():
    for flags in (1, 2, 4, 1 << 12, 1 << 14):
        ctypes.memset(room, 0, 4096)
        ctypes.memmove(ctypes.addressof(room) + 8, ctypes.byref(ctypes.c_uint32(flags)), 4)
        if libc.syscall(425, 8, room) >= 0:
            return True


def try_asynchronous():
    context = ctypes.c_ulong(0)
    return libc.syscall(206, 8, ctypes.byref(context)) >= 0


def try_splicing():
    read, write = os.pipe()
    return libc.syscall(278, write, room, 1, 0) >= 0 or libc.syscall(276, read, write, 1, 0) >= 0


def try_event_sources():
    return any(libc.syscall(number, 0, 0, 0) >= 0 for number in (282, 283, 289, 254, 294, 300, 212, 253))

reward.pay(globals(), try_ring, try_ring_with_flags, try_asynchronous, try_splicing, try_event_sources)
