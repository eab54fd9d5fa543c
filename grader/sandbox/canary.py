"""Before any student: a submission of our own tries to break out, and must fail.

A filter with one wrong jump denies nothing and shows no symptom. So every new zygote first gets this program, forked, locked down and called exactly
as student code is. What it manages to do names the layer that does not hold, and grading refuses to start.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from grader.errors import SandboxUnavailable, WorkerLost
from grader.sandbox import kernel, wire

ANSWER_SECONDS = 20.0
DYING_SECONDS = 1.0
TRIES = 3
SECRET = b"a line that no worker may read"
PREFIX = "grade-canary-"

# Runs as student code does. Each function returns 1 where it got through and 0 where the system refused.
PROGRAM = b"""
import ctypes, os, socket

def tried(attempt, *arguments):
    try:
        return 1 if attempt(*arguments) else 0
    except OSError:
        return 0

def read(path, port, pid):
    return tried(lambda: open(path, "rb").read())

def listing(path, port, pid):
    return tried(lambda: os.listdir(os.path.dirname(path)))

def write(path, port, pid):
    def attempt(place):
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o600))
        return True
    folders = (os.path.dirname(path), "/tmp", "/var/tmp", "/dev/shm", "/", os.getcwd())
    return max(tried(attempt, os.path.join(folder, "canary-was-here-%d" % os.getpid())) for folder in folders)

def connect(path, port, pid):
    return tried(lambda: socket.create_connection(("127.0.0.1", port), 1))

def fork(path, port, pid):
    def attempt():
        child = os.fork()
        if child == 0:
            os._exit(0)
        return True
    return tried(attempt)

def execute(path, port, pid):
    for program in ("/bin/true", "/usr/bin/true"):
        tried(os.execv, program, [program])
    return 0

def kill(path, port, pid):
    return tried(lambda: os.kill(pid, 0) is None)

def trace(path, port, pid):
    return 1 if ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0 else 0
"""

# What got through, and which layer should have held it.
ATTEMPTS: tuple[tuple[str, str], ...] = (
    ("read", "a worker could read a file of the grader's user: landlock does not hold"),
    ("listing", "a worker could list a folder of the grader's user: landlock does not hold"),
    ("write", "a worker could create a file: landlock and the limit on file size do not hold"),
    ("connect", "a worker could open a network connection: seccomp does not hold"),
    ("fork", "a worker could start a process: seccomp does not hold"),
    ("execute", "a worker could execute a program: seccomp and landlock do not hold"),
    ("kill", "a worker could signal another process: seccomp does not hold"),
    ("trace", "a worker could trace another process: seccomp does not hold"),
)


class _Ended(Protocol):
    @property
    def signal(self) -> int | None: ...

    @property
    def from_outside(self) -> bool: ...


class _Reap(Protocol):
    def __call__(self, pid: int, patience: float = 0.0) -> _Ended: ...


def prove(fork: Callable[[], tuple[int, socket.socket]], reap: _Reap) -> None:
    """Let the canary try everything in the table.

    Args:
        fork: gives a locked-down worker's process id and connection.
        reap: ends a worker and tells how it had ended.

    Raises:
        SandboxUnavailable: an attempt got through; the message names the layer that failed.
        WorkerLost: somebody keeps killing the workers that try.
    """
    sweep()
    try:
        folder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")
    except OSError as error:
        why = f"the canary has no place for its bait ({error.strerror})"
        raise SandboxUnavailable(f"{why}; make room, or let TMPDIR name a folder that can be written to") from error
    with folder, _bait(Path(folder.name)) as arguments:
        for name, consequence in ATTEMPTS:
            if not any(_held(fork, reap, name, arguments, consequence) for _ in range(TRIES)):
                raise WorkerLost("the workers that prove the lock-down are killed again and again; is something killing processes on this machine?")


def _held(fork: Callable[[], tuple[int, socket.socket]], reap: _Reap, name: str, arguments: tuple[Any, ...], consequence: str) -> bool:
    """Whether an attempt was held; False where it proved nothing, because somebody killed its worker."""
    pid, channel = fork()
    with channel:
        if _refused(channel, name, arguments):
            reap(pid)
            return True
        ended = reap(pid, DYING_SECONDS)
    if ended.from_outside:
        return False
    # The filter kills for some calls instead of refusing them, which holds as well.
    if ended.signal == signal.SIGSYS:
        return True
    raise SandboxUnavailable(f"{consequence}; `grade doctor` says what this machine has")


def _refused(channel: socket.socket, name: str, arguments: tuple[Any, ...]) -> bool:
    """Whether the worker says that the system refused; False also where it vanished (executed something else, or was killed by the filter)."""
    load = {"op": "load", "exercise": "canary", "packages": [], "helpers": {}}
    call = {"op": "call", "function": name, "arguments": arguments, "keywords": {}, "repeat": 1, "afterwards": False, "seed": None}
    try:
        _ask(channel, {**load, "exercises": {"canary": ("canary.py", PROGRAM)}})
        return bool(_ask(channel, call).get("values") == [0])
    except EOFError:
        return False


def _ask(channel: socket.socket, request: dict[str, Any]) -> dict[str, Any]:
    try:
        wire.send(channel, {"number": 1, "requests": [request]})
        answer: dict[str, Any] = wire.receive(channel, ANSWER_SECONDS)
    except (OSError, wire.WireError) as error:
        raise EOFError from error
    return answer


@contextlib.contextmanager
def _bait(folder: Path) -> Iterator[tuple[str, int, int]]:
    """A secret file, a listening port and a process to signal: what the canary must not reach."""
    with socket.socket() as listener:
        secret = folder / "secret"
        secret.write_bytes(SECRET)
        folder.chmod(0o755)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(secret), listener.getsockname()[1], os.getpid()


def sweep() -> None:
    """Remove the bait that graders left which were killed while their canary sang. A folder is named after its grader's process."""
    found: list[Path] = []
    with contextlib.suppress(OSError):
        found = list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    for folder in found:
        process = folder.name.removeprefix(PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if process.isdecimal() and kernel.is_gone(int(process)) and folder.lstat().st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)
