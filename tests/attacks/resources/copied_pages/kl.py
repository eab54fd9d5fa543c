import ctypes
import re

libc = ctypes.CDLL(None, use_errno=True)


def dirty_everything():
    for line in open("/proc/self/maps"):
        start, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
        start, end = int(start, 16), int(end, 16)
        if "p" in rights and "r" in rights and libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(end - start), 7) == 0:
            for address in range(start, end, 4096):
                ctypes.memmove(address, ctypes.string_at(address, 1), 1)


dirty_everything()
raise MemoryError
