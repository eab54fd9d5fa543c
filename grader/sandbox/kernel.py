"""The few C library calls the lock-down needs and Python does not offer. A failed call is an `OSError` that carries its name.

Nothing here is bound before it is called, so that the module imports on every system.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
MADV_DONTFORK, MADV_COLLAPSE, HUGE_PAGE = 10, 25, 2 << 20
CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN = 5, 6, 7, 21

_CAPABILITY_VERSION_3 = 0x20080522
# Made once: ctypes would make these types anew in each child.
_CapabilityHeader, _CapabilitySets = ctypes.c_uint32 * 2, ctypes.c_uint32 * 6


def is_linux() -> bool:
    """Whether any of the lock-down can exist here at all."""
    return sys.platform == "linux"


def machine() -> str:
    """The processor family, in the words of `uname -m`."""
    return {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())


def call(name: str, *arguments: Any) -> int:
    """Call a libc function by name; Python integers travel as C longs.

    Raises:
        OSError: the call returned a negative number, or the C library has no such function.
    """
    result = int(_function(name)(*(ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments)))
    if result < 0:
        raise _failed(name)
    return result


def map_memory(name: str, *arguments: int) -> int:
    """Call `mmap` or `mremap`, which return an address. Raises as `call` does."""
    function = _function(name)
    function.restype = ctypes.c_size_t
    result = int(function(*map(ctypes.c_long, arguments)))
    if result == ctypes.c_size_t(-1).value:
        raise _failed(name)
    return result


def _function(name: str) -> Any:
    try:
        return getattr(libc, name)
    except AttributeError:
        raise OSError(f"{name}: not in this C library") from None


def _failed(name: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{name}: {os.strerror(number)}")


def prctl(option: int, value: int | ctypes.c_void_p = 0, more: Any = 0) -> int:
    """Change or ask for a property of this process. The unused arguments are zero, as some options demand."""
    return call("prctl", option, value, more, 0, 0)


def keep_capabilities(kept: frozenset[int] = frozenset()) -> None:
    """Give up every capability but `kept`, in the effective and permitted sets; the inheritable and ambient sets become empty."""
    mask = sum(1 << capability for capability in kept)
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    call("capset", ctypes.byref(header), ctypes.byref(_CapabilitySets(low, low, 0, high, high, 0)))


def capabilities(pid: int | str = "self") -> int:
    """The effective capabilities of a process as a bit mask."""
    return int(status(pid)["CapEff"], 16)


def status(pid: int | str = "self") -> dict[str, str]:
    """The fields of /proc/PID/status. A process cannot forge one through its name: the kernel escapes line ends in it."""
    with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:  # noqa: PTH123  # a quarter of pathlib's cost, once a child
        return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}


def queued_seconds(pid: int) -> float:
    """How long a process's first thread has been able to run and has had to wait for its turn; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def gather_memory() -> None:
    """Move this process's own memory into huge pages, as far as the kernel can (Linux 6.1 and later): a fork copies an entry a page."""
    with suppress(OSError):
        for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
            addresses, access, _, _, inode, *_ = line.split()
            start, end = (int(address, 16) for address in addresses.split("-"))
            start, end = -(-start // HUGE_PAGE) * HUGE_PAGE, end // HUGE_PAGE * HUGE_PAGE
            if access == "rw-p" and inode == "0" and start < end:
                with suppress(OSError):  # a mapping that is not to be in huge pages, or no memory left for it
                    call("madvise", ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_COLLAPSE)


def is_gone(pid: int) -> bool:
    """Whether no process of that id runs; one that has ended and that nobody has asked for yet is gone as well."""
    try:
        return status(pid)["State"].startswith(("Z", "X"))
    except (OSError, KeyError):
        return True


def is_stopped(pid: int) -> bool:
    """Whether somebody halted a process with a signal (SIGSTOP, say)."""
    try:
        # A process names itself, in whatever bytes it likes; its state stands behind the last bracket.
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"T", b"t")
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """The process ids of a process's children; none where the system does not tell."""
    try:
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []
