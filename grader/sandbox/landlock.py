"""Which files a child may open: the kernel's landlock, which any process may put on itself and none can take off.

A ruleset is built once, in the zygote; a child only restricts itself to it. All rights the running kernel knows are handled, so that what no
rule grants is denied: reading, listing, executing, writing, creating, removing, renaming, truncating, device control (from ABI 5), TCP (from
ABI 4), signals and abstract unix sockets to outside the child (from ABI 6).

Not covered: stat, readlink, chdir and access of paths (existence, size and times of files show where there is no view), and what seccomp
forbids instead: chmod, chown, utime, extended attributes, other sockets. A right to list a directory covers all beneath it, so the names, not
the contents, of hidden files inside site-packages can be listed.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox import kernel

MINIMUM_ABI = 1  # the file-system rights; seccomp alone holds network and signals where landlock does not

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on all machines
_READ_FILE, _READ_DIRECTORY, _WRITE_FILE, _TRUNCATE = 1 << 2, 1 << 3, 1 << 1, 1 << 14

# (first ABI that knows them, how many file-system rights, network rights and scopes it knows in all)
_RIGHTS = ((1, 13, 0, 0), (2, 14, 0, 0), (3, 15, 0, 0), (4, 15, 2, 0), (5, 16, 2, 0), (6, 16, 2, 2))


def abi() -> int:
    """The kernel's landlock version; 0 where there is none."""
    if not kernel.is_linux():
        return 0
    try:
        return kernel.call("syscall", _CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def build(readable: Iterable[Path], listable: Iterable[Path], writable: Iterable[Path] = ()) -> int:
    """A ruleset as a descriptor that the caller owns.

    Args:
        readable: files, or directories with all beneath them. What does not exist is passed over.
        listable: directories of which, and beneath which, the names may be listed.
        writable: files that may be written to as well, such as /dev/null.

    Raises:
        OSError: the kernel has no landlock, or refused a rule.
    """
    version = abi()
    if version < MINIMUM_ABI:
        raise OSError("the kernel has no landlock")
    files, network, scopes = next(rights for first, *rights in reversed(_RIGHTS) if first <= version)
    handled = (1 << files) - 1
    attributes = struct.pack("=QQQ", handled, (1 << network) - 1, (1 << scopes) - 1)
    size = 8 if not network else 16 if not scopes else 24  # an older kernel takes the shorter structure
    ruleset = kernel.call("syscall", _CREATE_RULESET, ctypes.c_char_p(attributes), size, 0)
    try:
        for paths, access in ((readable, _READ_FILE | _READ_DIRECTORY), (listable, _READ_DIRECTORY), (writable, _WRITE_FILE | _TRUNCATE)):
            for path in paths:
                _add(ruleset, path, access & handled)
    except BaseException:
        os.close(ruleset)
        raise
    return ruleset


def _add(ruleset: int, path: Path, access: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= ~_READ_DIRECTORY
        path_beneath = 1
        kernel.call("syscall", _ADD_RULE, ruleset, path_beneath, ctypes.c_char_p(struct.pack("=Qi", access, descriptor)), 0)
    finally:
        os.close(descriptor)


def restrict(ruleset: int) -> None:
    """From here on this thread opens only what the ruleset grants. Needs no_new_privs.

    Raises:
        OSError: the kernel refused.
    """
    kernel.call("syscall", _RESTRICT_SELF, ruleset, 0)


def missing() -> str | None:
    """Why this machine has no landlock, or None if it has."""
    if not kernel.is_linux():
        return "landlock exists on Linux only"
    if not abi():
        return "the kernel is older than 5.13, was built without landlock or started without it (lsm=), or the container's rules forbid it"
    return None
