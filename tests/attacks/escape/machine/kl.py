import ctypes
import os
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)

import reward


def clock():
    return libc.syscall(227, 0, ctypes.create_string_buffer(16)) >= 0



def adjust():
    return libc.syscall(159, ctypes.create_string_buffer(b'\xff\xff', 208)) >= 0



def hostname():
    return libc.syscall(170, b'owned', 5) >= 0



def domain():
    return libc.syscall(171, b'owned', 5) >= 0



def reboot():
    return libc.syscall(169, 0xfee1dead, 672274793, 0x89ABCDEF, 0) >= 0



def swap():
    return libc.syscall(167, b'/swap', 0) >= 0



def accounting():
    return libc.syscall(163, b'/tmp/acct') >= 0



def ports():
    return libc.syscall(172, 3) >= 0



def port():
    return libc.syscall(173, 0x80, 1, 1) >= 0



def log():
    return libc.syscall(103, 3, 0, 0) >= 0



def vhangup():
    return libc.syscall(153) >= 0


reward.pay(globals(), clock, adjust, hostname, domain, reboot, swap, accounting, ports, port, log, vhangup)
