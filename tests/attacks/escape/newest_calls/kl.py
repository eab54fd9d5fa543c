import ctypes

libc = ctypes.CDLL(None, use_errno=True)
path = ctypes.create_string_buffer(b"/tmp/reparam-attack-new")
room = ctypes.create_string_buffer(4096)


def call(number, *arguments):
    return libc.syscall(number, *arguments) >= 0

import reward


def try_mounts():
    return any(call(number, -100, path, 0) for number in (428, 430, 431, 432, 433, 442, 467))


def try_modes_and_attributes():
    return any(call(number, -100, path, 0o777, 0) for number in (452, 463, 464, 465, 466, 468, 469))


def try_facts_about_mounts():
    return any(call(number, room, room, 4096, 0) for number in (457, 458))


def try_processes():
    return any(call(number, 1, 0, 0, 0) for number in (424, 434, 438, 440, 448))


def try_memory():
    return any(call(number, 0, 4096, 0) for number in (447, 453, 462, 329, 330, 331))


def try_futexes():
    return any(call(number, room, 1, 1, 2) for number in (449, 454, 455, 456))


def try_rings():
    return any(call(number, 8, room, 0, 0, 0) for number in (425, 426, 427))


def try_security_modules():
    return any(call(number, room, room, 0) for number in (459, 460, 461, 444, 445, 446))


def try_files():
    return any(call(number, -100, path, 0, 0) for number in (437, 443, 451))


def try_clone_into_a_group():
    return call(435, room, 88)

reward.pay(globals(), try_mounts, try_modes_and_attributes, try_facts_about_mounts, try_processes, try_memory, try_futexes, try_rings, try_security_modules, try_files, try_clone_into_a_group)
