"""A file system that holds Python and nothing else, and a network without interfaces: name spaces, entered once by the zygote.

The children inherit it. They see the readable trees at their usual places, /dev/null and /dev/urandom, all read-only; no /proc, no /sys, no
/tmp, no home, no repository, no results: not even the existence of a file outside can be learned. Where Python lives in a directory closed to
other users (an interpreter under /root), the bind mounts are also what lets a child of another uid read it.

Root needs CAP_SYS_ADMIN for this, which containers withhold by default. An ordinary user gets it inside a user name space of their own, where
the system permits one (Docker's default profile, Ubuntu 24.04 and some hardened systems do not). The jail holds without a view.

Not covered: what the kernel shows without a path (uname, sysinfo, clocks).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

from grader.sandbox import kernel
from grader.sandbox.readable import DEVICES, Readable

_NEW_MOUNTS, _NEW_IPC, _NEW_NETWORK, _NEW_USER = 0x00020000, 0x08000000, 0x40000000, 0x10000000
_NOSUID, _NODEV, _NOEXEC, _BIND, _REC, _SLAVE, _DETACH = 2, 4, 8, 4096, 16384, 1 << 19, 2
_MOUNT_SETATTR, _PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41}
_HERE, _RECURSIVE = -100, 0x8000
_READ_ONLY_NO_SUID_NO_DEVICES = 1 | 2 | 4

# The new root is put together on top of a directory that exists everywhere and never holds Python.
_ROOT = "/sys"


def enter(readable: Readable) -> None:
    """Move this process, for good, into the view. It must have one thread.

    Raises:
        OSError: the system does not permit it; the process may be left between the two worlds and should end.
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        kernel.call("unshare", _NEW_MOUNTS | _NEW_IPC | _NEW_NETWORK)
    else:
        kernel.call("unshare", _NEW_USER | _NEW_MOUNTS | _NEW_IPC | _NEW_NETWORK)
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")
    _mount(None, "/", None, _REC | _SLAVE)
    _mount("tmpfs", _ROOT, "tmpfs", _NOSUID | _NODEV, "mode=0755,size=1m")
    _build(readable)
    _make_current()
    if uid != 0:
        kernel.keep_capabilities()


def missing(readable: Readable) -> str | None:
    """Why this process could not enter the view, or None if it could: tried in a fork."""
    if not kernel.is_linux():
        return "name spaces exist on Linux only"
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            enter(readable)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is the answer
            os.write(write_end, (str(error) or type(error).__name__).encode()[:500])
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as answer:
        reason = answer.read().decode(errors="replace")
    os.waitpid(pid, 0)
    return reason or None


def _build(readable: Readable) -> None:
    os.umask(0o022)
    for device in DEVICES:
        _mount_point(device, directory=False)
    sources = {path for tree in readable.trees for path in _reproduce_links(tree)}
    for path in sorted(sources.union(readable.hidden)):  # a directory before what is mounted on top of its entries
        if path in sources:
            _mount(str(path), _mount_point(path, directory=path.is_dir()), None, _BIND | _REC)
        elif Path(f"{_ROOT}{path}").is_dir():
            _mount("tmpfs", f"{_ROOT}{path}", "tmpfs", _NOSUID | _NODEV | _NOEXEC, "mode=0755,size=64k")
    attributes = (ctypes.c_uint64 * 4)(_READ_ONLY_NO_SUID_NO_DEVICES, 0, 0, 0)
    kernel.call("syscall", _MOUNT_SETATTR, _HERE, ctypes.c_char_p(_ROOT.encode()), _RECURSIVE, attributes, ctypes.sizeof(attributes))
    for device in DEVICES:  # after the above, whose "no devices" would close them
        _mount(str(device), f"{_ROOT}{device}", None, _BIND)


def _reproduce_links(path: Path) -> Iterator[Path]:
    """Repeat, in the new root, the symbolic links on the way to a path (/lib, lib64, a versioned interpreter), and yield its real place."""
    for place in (*reversed(path.parents), path):
        if place.is_symlink():
            copy = Path(f"{_ROOT}{place}")
            copy.parent.mkdir(parents=True, exist_ok=True)
            target = place.readlink()
            if not copy.is_symlink():
                copy.symlink_to(target)
            yield from _reproduce_links(Path(os.path.normpath(place.parent / target)) / path.relative_to(place))
            return
    yield path


def _mount_point(path: Path, *, directory: bool) -> str:
    point = Path(f"{_ROOT}{path}")
    point.parent.mkdir(parents=True, exist_ok=True)
    if directory:
        point.mkdir(exist_ok=True)
    else:
        point.touch()
    return str(point)


def _make_current() -> None:
    os.chdir(_ROOT)
    here = ctypes.c_char_p(b".")
    kernel.call("syscall", _PIVOT_ROOT[kernel.machine()], here, here)
    kernel.call("umount2", here, _DETACH)  # the old root, which pivot_root put on top of the new one
    os.chdir("/")


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [ctypes.c_char_p(None if text is None else text.encode()) for text in (source, target, kind, data)]
    try:
        kernel.call("mount", *texts[:3], flags, texts[3])
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} ({target})") from error
