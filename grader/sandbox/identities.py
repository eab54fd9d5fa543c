"""A user and a group of its own for every child, where the grader runs as root.

The ids belong to nobody: no file, no other process, no other child alive. A limit on the threads of a user counts one child's alone, and neither
signals nor traces lead from one child to another.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SandboxUnavailable
from grader.sandbox.readable import Readable

# Of the ids that no system hands out (systemd's list ends below), one for every process id there can be.
_FIRST_ID, _IDS = 0x70000000, 1 << 22
_FEWEST_IDS = 1000
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Identities:
    """Ranges of unused ids. A process takes the one at its process id, so that no two alive share one."""

    first_uid: int
    uids: int
    first_gid: int
    gids: int

    def take_one(self) -> None:
        """Become that user and group, for good, and belong to no other group. Raises OSError without the capabilities for it."""
        pid = os.getpid()
        gid = self.first_gid + pid % self.gids
        uid = self.first_uid + pid % self.uids
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)


def find() -> Identities:
    """Unused ids of this system or container.

    Raises:
        SandboxUnavailable: root of a user name space that has hardly any ids.
    """
    return Identities(*_unused("uid_map"), *_unused("gid_map"))


def require_readable(needed: Readable, unused: Identities, *, viewed: bool) -> None:
    """A child of another uid must be able to import lazily: try in a fork to become one and to read Python's own files.

    Raises:
        SandboxUnavailable: it cannot. `viewed` says whether this process is in the view, which opens closed parent directories.
    """
    # Killed from outside it has proved nothing.
    code = next((code for code in (_try(needed, unused) for _ in range(_TRIES)) if code >= 0), 0)
    if code == 1:
        raise SandboxUnavailable("uid: root without the capabilities SETUID and SETGID; run the grader as an ordinary user, or grant them")
    if code:
        way_out = "make them readable" if viewed else "install Python where every user can read it, or grant CAP_SYS_ADMIN"
        raise SandboxUnavailable(f"uid: an unprivileged user cannot read {needed.trees[0]}; {way_out}, or run the grader as an ordinary user")


def _try(needed: Readable, unused: Identities) -> int:
    """0: an unprivileged user can read Python's files; 1: nobody can become one; 2: they cannot be read; negative: killed."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            unused.take_one()
            code = 2
            for tree in needed.trees[:3]:
                with os.scandir(tree) as entries:
                    next(entries)
            with open(os.__file__, "rb") as file:  # noqa: PTH123  # nothing may be imported here
                file.read(1)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _unused(name: str) -> tuple[int, int]:
    """(first, how many). In a container's user name space only some ids exist at all: the upper half of the largest range."""
    ranges = [tuple(map(int, line.split())) for line in Path(f"/proc/self/{name}").read_text(encoding="ascii").splitlines()]
    if any(first <= _FIRST_ID and first + count >= _FIRST_ID + _IDS for first, _, count in ranges):
        return _FIRST_ID, _IDS
    first, _, count = max(ranges, key=lambda entry: entry[2])
    if count // 2 < _FEWEST_IDS:
        raise SandboxUnavailable(f"uid: root in a user name space with {count} ids; run the grader as an ordinary user, outside of it")
    return first + count // 2, count // 2
