import ctypes
import fcntl
import os

libc = ctypes.CDLL(None, use_errno=True)

import reward


def watch():
    return libc.inotify_init() >= 0 or libc.inotify_init1(0) >= 0


def lock():
    return fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB) is None


def record_lock():
    return fcntl.lockf(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB) is None


reward.pay(globals(), watch, lock, record_lock)
