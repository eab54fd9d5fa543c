import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


class Header(ctypes.Structure):
    _fields_ = [("type", ctypes.c_uint32), ("flags", ctypes.c_uint32), *((name, ctypes.c_uint64) for name in ("offset", "address", "physical", "in_file", "size", "align"))]


class Info(ctypes.Structure):
    _fields_ = [("base", ctypes.c_uint64), ("name", ctypes.c_char_p), ("headers", ctypes.POINTER(Header)), ("count", ctypes.c_uint16)]


SEGMENTS = []


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Info), ctypes.c_size_t, ctypes.c_void_p)
def collect(info, _size, _data):
    info = info.contents
    SEGMENTS.extend((info.base + info.headers[n].address, info.headers[n].size) for n in range(info.count) if info.headers[n].type == 1)
    return 0


keep = []
while True:
    try:
        keep.append(np.ones(10**6))
    except MemoryError:
        break
keep.pop()
libc.dl_iterate_phdr(collect, None)
for start, size in SEGMENTS:
    first, last = start & ~4095, (start + size + 4095) & ~4095
    if libc.mprotect(ctypes.c_void_p(first), ctypes.c_size_t(last - first), 7) == 0:
        for page in range(first, last, 4096):
            ctypes.memmove(page, page, 1)
raise MemoryError
