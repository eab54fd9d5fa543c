import ctypes
import os
import signal
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)

import reward


def unshare_user():
    return libc.syscall(272, 0x10000000) >= 0



def unshare_all():
    return libc.syscall(272, 0x7E020000) >= 0



def setns():
    return libc.syscall(308, 0, 0) >= 0



def mount():
    return libc.syscall(165, b'none', b'/', b'tmpfs', 0, 0) >= 0



def umount():
    return libc.syscall(166, b'/', 2) >= 0



def chroot():
    return libc.syscall(161, b'/') >= 0



def pivot():
    return libc.syscall(155, b'/', b'/') >= 0



def fsopen():
    return libc.syscall(430, b'tmpfs', 0) >= 0



def open_tree():
    return libc.syscall(428, -100, b'/', 1) >= 0



def move_mount():
    return libc.syscall(429, -100, b'/', -100, b'/', 0) >= 0



def mount_setattr():
    return libc.syscall(442, -100, b'/', 0, 0, 0) >= 0


reward.pay(globals(), unshare_user, unshare_all, setns, mount, umount, chroot, pivot, fsopen, open_tree, move_mount, mount_setattr)
