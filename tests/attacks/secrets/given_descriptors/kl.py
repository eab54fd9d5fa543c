import io
import os
import sys

import reward


def try_streams():
    return any(stream.read(100) for stream in (sys.__stdin__, sys.stdin) if stream)


def try_descriptors():
    for number in range(64):
        try:
            if os.pread(number, 100, 0):
                return True
        except OSError:
            continue


def try_directory_descriptors():
    for number in range(64):
        for path in ("..", "../../etc/passwd", "etc/passwd", "."):
            try:
                os.close(os.open(path, os.O_RDONLY, dir_fd=number))
                return True
            except OSError:
                continue


def try_terminals():
    return any(os.isatty(number) for number in range(64))


def try_reopened():
    for number in range(64):
        for place in ("/dev/fd/%d", "/proc/self/fd/%d", "/proc/thread-self/fd/%d"):
            try:
                with io.FileIO(place % number) as file:
                    if os.fstat(file.fileno()).st_rdev != os.stat("/dev/null").st_rdev:
                        return True
            except OSError:
                continue

reward.pay(globals(), try_streams, try_descriptors, try_directory_descriptors, try_terminals, try_reopened)
