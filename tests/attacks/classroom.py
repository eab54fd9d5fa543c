"""Makes a class out of the hostile submissions and clean ones between them, has the real `grade run` grade it, and keeps watch over what it may harm.

A folder `<category>/<name>/` holds the files an attacker hands in; they are laid over the solutions, so that whatever the attack does not touch
must earn all its points. Beside them, `expected.json`:

    note          what it tries
    exercise      the exercise it tries it in; all others must earn all their points
    holds         zero       no point in that exercise
                  honest     the values are right, so all its points
                  at_most    no more than `score` points: what its wrong answers earn without the attack (their arguments are left unmodified)
                  functions  only the functions in `functions` do not earn all their points
                  any        whatever it earns
    functions     how each check of these functions ended
    outcome       how each check of the exercise ended
    without       solution files that are not laid down (where a notebook takes their place)
    contains_not  texts that stand nowhere in the result
    matches_not   regular expressions that match nowhere in the exercise's messages
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.unit import current, data_directory

HERE = Path(__file__).resolve().parent
ATTACKS = sorted(str(path.parent.relative_to(HERE)) for path in HERE.glob("*/*/expected.json"))
CLEAN_EVERY = 12
PR_SET_CHILD_SUBREAPER = 36
# What an attack would have left behind, wherever it may write.
TRACES = re.compile(r"reparam-(?:attack|answers)|unpickled|left-behind|escaped|fill|canary-was-here|notebook|evil")
FIRST_UNPRIVILEGED_ID = 0x70000000


def expected(attack: str) -> dict[str, Any]:
    return dict(json.loads((HERE / attack / "expected.json").read_text(encoding="utf-8")))


def solution_files() -> dict[str, bytes]:
    """The solutions without the markers that only they have."""
    return {
        path.name: b"".join(line for line in path.read_bytes().splitlines(keepends=True) if b"SOLUTION" not in line)
        for path in data_directory("solutions").glob("*.py")
    }


def lay(folder: Path, attack: str | None) -> None:
    """A clean submission, or a hostile one."""
    folder.mkdir()
    for name, content in solution_files().items():
        (folder / name).write_bytes(content)
    if attack is None:
        return
    shutil.copy(HERE / "reward.py", folder)
    for name in expected(attack).get("without", []):
        (folder / name).unlink()
    for path in sorted((HERE / attack).rglob("*")):
        if path.is_file() and path.name != "expected.json":
            place = folder / path.relative_to(HERE / attack)
            if place.parent.is_file():
                place.parent.unlink()
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


@dataclass
class Canaries:
    """What no submission may reach: a file, a line of the environment, two sockets and a process."""

    folder: Path
    secret: str = field(default_factory=lambda: f"canary-{secrets.token_hex(12)}")
    harmed: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def watch(self) -> Iterator[dict[str, str]]:
        """Yields the environment to grade in; afterwards `harmed` names what was reached."""
        secret = self.folder / "canary-secret.txt"
        secret.write_text(self.secret, encoding="utf-8")
        before = (secret.stat().st_mtime_ns, secret.stat().st_mode)
        with (
            socket.create_server(("127.0.0.1", 0)) as port,
            _abstract("reparam-attacks-canary", socket.SOCK_STREAM) as stream,
            _abstract("reparam-attacks-canary-datagram", socket.SOCK_DGRAM) as datagram,
            _sentinel() as sentinel,
        ):
            yield os.environ | {"REPARAM_CANARY": self.secret}
            for name, listener in {"the TCP port": port, "the abstract socket": stream, "the abstract datagram socket": datagram}.items():
                if _was_reached(listener):
                    self.harmed.append(name)
            if sentinel.poll() is not None:
                self.harmed.append("the other process")
        if secret.read_text(encoding="utf-8") != self.secret or (secret.stat().st_mtime_ns, secret.stat().st_mode) != before:
            self.harmed.append("the secret file")


@contextlib.contextmanager
def _abstract(name: str, kind: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, kind) as listener:
        listener.bind("\0" + name)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        yield listener


def _was_reached(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _sentinel() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])  # our own interpreter and a fixed command
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def grade_run(submissions: Path, out: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command as a user types it, two jobs at a time."""
    command = [sys.executable, "-c", "from grader.cli import main; main()", "run", str(submissions), "-o", str(out), "-j", "2"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=submissions.parent)  # noqa: S603  # as above


def adopt_orphans() -> None:
    """From now on processes whose parent died become children of this one, so that none can hide."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("this system lets no process adopt orphans")


def orphans(seconds: float) -> list[str]:
    """The command lines of adopted processes that still live after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        living = []
        for pid in map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()):
            with contextlib.suppress(ChildProcessError, FileNotFoundError):
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    living.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        if not living or time.monotonic() > deadline:
            return living
        time.sleep(0.05)


def traces() -> list[str]:
    """Files that an attack has left in places where everybody may write."""
    found = []
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/", str(Path.home())):  # noqa: S108  # to look, not to write
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if TRACES.match(entry.name) or entry.stat(follow_symlinks=False).st_uid >= FIRST_UNPRIVILEGED_ID:
                        found.append(entry.path)
    return found


def texts(value: Any) -> Iterator[str]:
    """Every string in a JSON document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def findings(result: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """What of an attack's `expected.json` does not hold in its result."""
    if result["status"] != "graded":
        return [f"status {result['status']}"]
    found = []
    for name, exercise in result["exercises"].items():
        failed = [f"{check['name']}: {check['outcome']}: {check['message'][:200]}" for check in exercise["checks"] if check["outcome"] != "passed"]
        if name != wanted["exercise"]:
            found += [f"collateral damage in {name}: {line}" for line in failed]
            continue
        found += _findings_in_exercise(exercise, wanted, failed)
    everything = "\n".join(texts(result))
    found += [f"contains {text!r}" for text in wanted.get("contains_not", []) if text in everything]
    return found


def _findings_in_exercise(exercise: dict[str, Any], wanted: dict[str, Any], failed: list[str]) -> list[str]:
    checks = exercise["checks"]
    most = {"zero": 0.0, "at_most": wanted.get("score", 0.0)}.get(wanted["holds"], exercise["max_score"])
    found = [f"{exercise['score']} points: {[check['name'] for check in checks if check['points']]}"] if exercise["score"] > most else []
    if wanted["holds"] == "honest":
        found += failed
    for check in checks:
        outcome = wanted.get("functions", {}).get(check["function"], "passed" if wanted["holds"] == "functions" else check["outcome"])
        if check["outcome"] != outcome:
            found.append(f"{check['name']}: {check['outcome']}: {check['message'][:200]}")
    if wanted.get("outcome"):
        found += [f"{c['name']}: {c['outcome']}: {c['message'][:200]}" for c in checks if c["outcome"] != wanted["outcome"]]
    for pattern in wanted.get("matches_not", []):
        found += [f"{pattern} matches {check['message']!r}" for check in checks if re.search(pattern, check["message"])]
    return found


def unshowable(result: dict[str, Any]) -> list[str]:
    """Texts of a result that could do something where they are shown."""
    limits = current().limits
    return [text[:200] for text in texts(result) if not text.replace("\n", "").isprintable() or len(text) > limits.message_characters]
