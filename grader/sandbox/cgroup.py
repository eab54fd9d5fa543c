"""A memory limit for a zygote and all its children together, where the control group file system is writable. Optional.

RLIMIT_AS caps the address space of one child; the group caps what they use in all, the kernel's own memory on their behalf (page tables,
socket buffers, thread stacks) included. Memory that the zygote had before it joined stays charged to where it was. The group is a child of
the one the grader runs in, so that limits from outside go on to hold.

A group can be removed only when it is empty, hence not by the zygote itself: the trusted process calls `remove` when it has ended one, and an
executor that has ended its jobs does so for theirs. What a killed grader leaves is removed by the next zygote that starts in the same place.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from grader.sandbox import kernel

PREFIX = "reparam-exercises-"
SLACK_MIB = 256  # copies of the zygote's pages, and the kernel's share
_PATIENCE = 100  # tries, 10 ms apart

# Where the hierarchy is mounted, and the limit's file, for versions 1 and 2.
_V1 = (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes")
_V2 = (Path("/sys/fs/cgroup"), "memory.max")


def _own_group() -> tuple[Path, str]:
    """This process's memory group and the name of the limit's file. Raises OSError where there is none."""
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(",") or not controllers:
            root, limit = _V2 if not controllers else _V1
            group = root / path.lstrip("/")
            if (group / limit).exists() or (group == root and (root / "cgroup.subtree_control").exists()):
                return group, limit
    raise OSError("no memory control group is mounted under /sys/fs/cgroup")


def join(memory_mib: int) -> bool:
    """Put this process into a new group that may use `memory_mib` MiB beyond what it has already; False where the system does not permit it."""
    sweep(os.getpid())
    try:
        parent, limit = _own_group()
        group = parent / f"{PREFIX}{os.getpid()}"
        group.mkdir()
    except OSError:
        return False
    try:
        (group / limit).write_text(str((memory_mib + SLACK_MIB) << 20), encoding="ascii")
        (group / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")
    except OSError:
        group.rmdir()
        return False
    return True


def remove(zygote: int) -> None:
    """Remove the group of a zygote that has ended. Its children die with it, which may take the kernel a moment."""
    with contextlib.suppress(OSError):
        group = _own_group()[0] / f"{PREFIX}{zygote}"
        for _ in range(_PATIENCE):
            try:
                group.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.01)


def sweep(reused: int = 0) -> None:
    """Remove the groups of zygotes that are gone; `reused` is a process id that is known to be none of theirs any more.

    A group is named after its zygote; one whose child still lives the kernel refuses to remove.
    """
    with contextlib.suppress(OSError):
        for group in _own_group()[0].glob(f"{PREFIX}*"):
            zygote = int(group.name.removeprefix(PREFIX))
            if zygote == reused or kernel.is_gone(zygote):
                with contextlib.suppress(OSError):
                    group.rmdir()


def missing() -> str | None:
    """Why no group can be made, or None if one can."""
    try:
        parent, limit = _own_group()
        group = parent / f"{PREFIX}{os.getpid()}"
        group.mkdir()
    except OSError as error:
        return str(error)
    try:
        return None if (group / limit).exists() else f"{group}: the memory controller is not passed on to groups below {parent}"
    finally:
        group.rmdir()
