"""Which system calls a child may make: a table, compiled into a BPF program that the kernel runs before each of its calls.

Default deny. What is neither allowed nor named below fails with EPERM, which Python shows as PermissionError: the student's other functions go
on. Calls through another instruction set (32-bit x86, x32), whose numbers mean something else, kill the process. A few calls that libraries
only try fail with ENOSYS, so that they fall back.

The filter covers what the file-system rules do not: processes, signals, tracing, sockets, chmod, chown, utime, extended attributes, shared
memory, kernel keys, name spaces, io_uring. It cannot follow pointers, so it says nothing about paths: opening is the affair of landlock and
the view.

The jump offsets are computed; a test runs the program in an interpreter over all numbers and compares with the table, since one wrong offset
turns default deny into default allow without a symptom.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.sandbox import kernel

ALLOW, KILL = 0x7FFF0000, 0x80000000
DENY, ABSENT, NO_TTY = (0x00050000 | number for number in (errno.EPERM, errno.ENOSYS, errno.ENOTTY))

AUDIT_ARCH: Mapping[str, int] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
ALL_BITS = 0xFFFFFFFF

# Name: number on x86_64, number on aarch64 (None: does not exist there).
ALLOWED: Mapping[str, tuple[int, int | None]] = {
    # Reading, and writing to what is open: the socket of the worker, its own pipes, /dev/null.
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "lseek": (8, 62), "close": (3, 57),
    "close_range": (436, 436), "open": (2, None), "openat": (257, 56), "stat": (4, None), "lstat": (6, None), "fstat": (5, 80),
    "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "getdents64": (217, 61), "dup": (32, 23), "dup2": (33, None),
    "dup3": (292, 24),
    # Waiting on descriptors (asyncio, selectors).
    "pipe": (22, None), "pipe2": (293, 59), "eventfd2": (290, 19), "poll": (7, None), "ppoll": (271, 73), "select": (23, None),
    "pselect6": (270, 72), "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "epoll_pwait2": (441, 441),
    # Own memory; executable pages too, since ctypes callbacks and kernels compiled at run time need them.
    "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226), "madvise": (28, 233), "brk": (12, 214),
    # Threads.
    "futex": (202, 98), "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "set_robust_list": (273, 99), "rseq": (334, 293),
    # Own signals and clocks. Sending a signal is not among them, not even to oneself.
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "rt_sigsuspend": (130, 133), "rt_sigtimedwait": (128, 137), "sigaltstack": (131, 132), "pause": (34, None), "alarm": (37, None),
    "getitimer": (36, 102), "setitimer": (38, 103), "restart_syscall": (219, 128), "exit": (60, 93), "exit_group": (231, 94),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "nanosleep": (35, 101),
    "gettimeofday": (96, 169), "time": (201, None), "getrusage": (98, 165), "times": (100, 153),
    # Facts about oneself.
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176),
    "getegid": (108, 177), "getresuid": (118, 148), "getresgid": (120, 150), "getgroups": (115, 158), "getpgrp": (111, None),
    "getcpu": (309, 168), "getrandom": (318, 278), "getrlimit": (97, 163), "uname": (63, 160), "sysinfo": (99, 179),
    # The sockets one has. Receiving descriptors (recvmsg) and naming a peer (connect, sendmsg) are not among them.
    "recvfrom": (45, 207), "getsockopt": (55, 209), "getsockname": (51, 204), "getpeername": (52, 205), "shutdown": (48, 210),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Argument:
    """Argument `index` must be one of `values`.

    `wide`: the kernel reads all 64 bits of it; of an `int` it reads 32. `mask`: which of those 32 count.
    """

    index: int
    values: tuple[int, ...]
    wide: bool = False
    mask: int = ALL_BITS


@dataclass(frozen=True, slots=True)
class Rule:
    """A call that is allowed if every argument named has an accepted value, and answered with `otherwise` if not."""

    numbers: tuple[int, int | None]
    arguments: tuple[Argument, ...]
    otherwise: int = DENY


_THREAD = 0x3D0F00  # VM FS FILES SIGHAND THREAD SYSVSEM SETTLS PARENT_SETTID CHILD_CLEARTID: what pthread_create asks for, and nothing else
_STREAM, _NONBLOCK, _CLOEXEC = 1, 0o4000, 0o2000000
_SHARED, _ANONYMOUS = 0x1, 0x20
_SET_VMA = 0x53564D41  # newer C libraries give their memory areas names

CONDITIONAL: Mapping[str, Rule] = {
    "clone": Rule((56, 220), (Argument(0, (_THREAD,), wide=True),)),
    # Shared memory of nobody's file stays in use as a whole while one page of it is mapped, unseen by the limit on address space.
    "mmap": Rule((9, 222), (Argument(3, (0, _SHARED, _ANONYMOUS), mask=_SHARED | _ANONYMOUS),)),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. F_SETOWN with F_SETSIG would send any signal to any process of the user.
    "fcntl": Rule((72, 25), (Argument(1, (0, 1, 2, 3, 4, 1030)),)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX; Python asks any file it opens whether it is a terminal.
    "ioctl": Rule((16, 29), (Argument(1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),), otherwise=NO_TTY),
    # PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA.
    "prctl": Rule((157, 167), (Argument(0, (3, 15, 16, _SET_VMA)),)),
    # Reading one's own limits.
    "prlimit64": Rule((302, 261), (Argument(0, (0,)), Argument(2, (0,), wide=True))),
    # A datagram socket could send to any socket file by name, whether connected or not.
    "socketpair": Rule((53, 199), (Argument(0, (1,)), Argument(1, tuple(_STREAM | a | b for a in (0, _NONBLOCK) for b in (0, _CLOEXEC))))),
    "sendto": Rule((44, 206), (Argument(4, (0,), wide=True),)),
}

# pthread_create falls back from clone3, whose flags lie behind a pointer, to clone; the others are probes of allocators and libraries.
TRIED: Mapping[str, tuple[int, int | None]] = {
    "clone3": (435, 435), "openat2": (437, 437), "io_uring_setup": (425, 425), "memfd_create": (319, 279), "mbind": (237, 235),
    "get_mempolicy": (239, 236), "set_mempolicy": (238, 237), "set_mempolicy_home_node": (450, 450), "mlock": (149, 228),
    "munlock": (150, 229),
}  # fmt: skip

_LOAD, _JUMP, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _AND, _RETURN = 0x20, 0x05, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_INSTRUCTION = struct.Struct("=HBBI")


class _Assembler:
    """Instructions whose jumps name labels; `assemble` turns labels into offsets. None as a target means the next instruction."""

    def __init__(self) -> None:
        self._instructions: list[tuple[int, int, str | None, str | None]] = []
        self._labels: dict[str, int] = {}

    def label(self, name: str) -> None:
        self._labels[name] = len(self._instructions)

    def emit(self, code: int, k: int, then: str | None = None, otherwise: str | None = None) -> None:
        self._instructions.append((code, k, then, otherwise))

    def assemble(self) -> bytes:
        return b"".join(
            _INSTRUCTION.pack(code, self._offset(at, then), self._offset(at, otherwise), k)
            for at, (code, k, then, otherwise) in enumerate(self._instructions)
        )

    def _offset(self, at: int, target: str | None) -> int:
        offset = 0 if target is None else self._labels[target] - at - 1
        if not 0 <= offset <= 255:
            raise ValueError(f"BPF jump from {at} to {target!r} spans {offset} instructions; the format holds 0 to 255")
        return offset


def compile_program(machine: str) -> bytes:
    """The BPF program for a machine ("x86_64" or "aarch64"): eight bytes an instruction, `struct sock_filter`.

    Raises:
        KeyError: no table for that machine.
    """
    column = ("x86_64", "aarch64").index(machine) if machine in AUDIT_ARCH else None
    if column is None:
        raise KeyError(machine)
    targets = {numbers[column]: "allow" for numbers in ALLOWED.values()}
    targets |= {numbers[column]: "absent" for numbers in TRIED.values()}
    targets |= {rule.numbers[column]: name for name, rule in CONDITIONAL.items()}
    program = _Assembler()
    program.emit(_LOAD, _ARCHITECTURE)
    program.emit(_JUMP_EQUAL, AUDIT_ARCH[machine], otherwise="kill")
    program.emit(_LOAD, _NUMBER)
    _search(program, _segments({number: target for number, target in targets.items() if number is not None}))
    for name, rule in CONDITIONAL.items():
        _check(program, name, rule)
    for name, action in {"allow": ALLOW, "deny": DENY, "absent": ABSENT, "no_tty": NO_TTY, "kill": KILL}.items():
        program.label(name)
        program.emit(_RETURN, action)
    return program.assemble()


def _segments(targets: Mapping[int, str]) -> list[tuple[int, str]]:
    """Where, on the line of all call numbers, the answer changes: (first number, label), ascending from 0."""
    segments: list[tuple[int, str]] = []
    changes = {0, *targets, *(number + 1 for number in targets), X32_BIT}
    for number in sorted(changes):
        target = "kill" if number >= X32_BIT else targets.get(number, "deny")
        if not segments or segments[-1][1] != target:
            segments.append((number, target))
    return segments


def _search(program: _Assembler, segments: Sequence[tuple[int, str]]) -> None:
    """A binary search for the segment of the call number in the accumulator: seven comparisons instead of a hundred for the frequent calls.

    It also shortens the kernel's own pass over the program, once a child, in which it learns which numbers need no filter at all.
    """
    if len(segments) == 1:
        program.emit(_JUMP_EQUAL, 0, segments[0][1], segments[0][1])
        return
    middle = len(segments) // 2
    lower, upper = segments[:middle], segments[middle:]
    here = f"from {upper[0][0]}"
    program.emit(
        _JUMP_GREATER_EQUAL,
        upper[0][0],
        then=upper[0][1] if len(upper) == 1 else here,
        otherwise=lower[0][1] if len(lower) == 1 else None,
    )
    if len(lower) > 1:
        _search(program, lower)
    if len(upper) > 1:
        program.label(here)
        _search(program, upper)


def _check(program: _Assembler, name: str, rule: Rule) -> None:
    """The comparisons of one conditional call. Arguments are compared in 32-bit halves, the low one first in memory."""
    refuse = {DENY: "deny", NO_TTY: "no_tty"}[rule.otherwise]
    program.label(name)
    for position, argument in enumerate(rule.arguments):
        place, passed = _ARGUMENTS + 8 * argument.index, f"{name} {position} passed"
        if argument.wide:
            program.emit(_LOAD, place + 4)
            program.emit(_JUMP_EQUAL, 0, otherwise=refuse)
        program.emit(_LOAD, place)
        if argument.mask != ALL_BITS:
            program.emit(_AND, argument.mask)
        for value in argument.values[:-1]:
            program.emit(_JUMP_EQUAL, value, then=passed)
        program.emit(_JUMP_EQUAL, argument.values[-1], otherwise=refuse)
        program.label(passed)
    program.emit(_JUMP_EQUAL, 0, "allow", "allow")


class Filter:
    """A program in the form the kernel takes: made once, in the zygote, and installed in each child."""

    def __init__(self, program: bytes) -> None:
        self._code = ctypes.create_string_buffer(program, len(program))
        self._header = (ctypes.c_uint64 * 2)(len(program) // _INSTRUCTION.size, ctypes.addressof(self._code))  # struct sock_fprog

    def install(self) -> None:
        """From here on, and until it ends, this thread makes only the calls of the table. Needs no_new_privs.

        Raises:
            OSError: the kernel refused the program.
        """
        mode_filter = 2
        kernel.prctl(kernel.PR_SET_SECCOMP, mode_filter, ctypes.byref(self._header))


def missing() -> str | None:
    """Why this machine has no system call filter, or None if it has one."""
    if not kernel.is_linux():
        return "seccomp exists on Linux only"
    if kernel.machine() not in AUDIT_ARCH:
        return f"no table of system calls for a {kernel.machine()} processor"
    try:
        kernel.prctl(21)  # PR_GET_SECCOMP
    except OSError as error:
        return f"the kernel was built without seccomp ({error})"
    return None
