import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)

import reward


def try_segments():
    return libc.shmget(0x7265, 4096, 0o1666) >= 0 or libc.shm_open(b"/reparam-attack", 0o102, 0o666) >= 0


def try_semaphores():
    return libc.semget(0x7265, 1, 0o1666) >= 0 or libc.syscall(64, 0x7265, 1, 0o1666) >= 0


def try_queues():
    return libc.msgget(0x7265, 0o1666) >= 0 or libc.syscall(240, b"reparam-attack", 0o102, 0o666, None) >= 0


def try_keys():
    return any(libc.syscall(248, b"user", b"reparam-attack", b"x", 1, ring) >= 0 for ring in (-1, -2, -3, -4, -5))


def try_anonymous_files():
    return libc.memfd_create(b"reparam-attack", 0) >= 0 or libc.syscall(319, b"reparam-attack", 0) >= 0


def try_sockets():
    for family, kind in ((socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_UNIX, socket.SOCK_DGRAM), (socket.AF_UNIX, socket.SOCK_SEQPACKET)):
        try:
            socket.socket(family, kind).bind("\0reparam-attack")
            return True
        except OSError:
            continue


def try_pairs():
    for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
        try:
            left, _ = socket.socketpair(socket.AF_UNIX, kind)
            left.sendto(b"x", "\0reparam-attacks-canary-datagram")
            return True
        except OSError:
            continue

reward.pay(globals(), try_segments, try_semaphores, try_queues, try_keys, try_anonymous_files, try_sockets, try_pairs)
