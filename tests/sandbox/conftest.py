"""Boxes to attack: a tiny zygote in an interpreter of its own, as root where the tests run as root, and as an ordinary user."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import cgroup, jail

SOURCES = Path(__file__).resolve().parent
PACKAGE = SOURCES.parent.parent / "grader"
ORDINARY = 54321
IS_ROOT = os.geteuid() == 0
USERS = ("root", "ordinary") if IS_ROOT else ("ordinary",)


def ordinary_interpreter() -> str:
    """A Python that an ordinary user can run: this one, or the system's where this one lives in root's home."""
    if not IS_ROOT:
        return sys.executable
    for candidate in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            done = subprocess.run([candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], user=ORDINARY, check=False)  # noqa: S603 - our own interpreter
            if done.returncode == 0:
                return candidate
    pytest.fail("these tests need a Python 3.11 that an ordinary user can run; install one at /usr/bin/python3, or run them as that user")


class Box:
    """A running tiny zygote. `attack` answers what came of one function of `jail_attacks` in a fresh child."""

    def __init__(self, house: Path, user: str, without: frozenset[str], preload: tuple[str, ...], memory_mib: int, leak: str) -> None:
        ours, theirs = socket.socketpair()
        as_other = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if user == "ordinary" and IS_ROOT else {}
        needs_readable_python = not preload and (user == "ordinary" or "view" in without)
        interpreter = ordinary_interpreter() if needs_readable_python else sys.executable
        environment = {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [interpreter, str(house / "tiny_zygote.py"), str(theirs.fileno())], pass_fds=[theirs.fileno()], env=environment, cwd="/", **as_other
        )
        theirs.close()
        ours.settimeout(60)
        self._stream = ours.makefile("rw", encoding="utf-8")
        ours.close()
        hello = self._ask({"without": sorted(without), "preload": preload, "memory_mib": memory_mib, "leak": leak})
        self.refused: str | None = hello.get("refused")
        self.layers: list[str] = hello.get("layers", [])
        self.pid: int = hello.get("pid", 0)
        self.leaked: int = hello.get("leaked", -1)
        self.address: int = hello.get("address", 0)

    def attack(self, name: str, *arguments: Any) -> dict[str, Any]:
        """`value` if it succeeded; `error`, `errno` and `text` if it was held; `verified`: what the trusted side found wrong; `session`; `exit`."""
        ready = self._ask({"attack": name, "arguments": arguments})
        if not ready["ready"]:
            return ready
        verified = jail.verify_child(ready["pid"], self.layers)
        session = os.getsid(ready["pid"])
        return {"verified": verified, "session": session} | self._ask({})

    def start(self, name: str, *arguments: Any) -> int:
        """Begin an attack and do not wait for its end: the child's pid."""
        pid = self._ask({"attack": name, "arguments": arguments})["pid"]
        self._say({})
        return int(pid)

    def held(self, name: str, *arguments: Any) -> str:
        """The exception's name, or the signal, that an attack ended with; fails if it succeeded."""
        answer = self.attack(name, *arguments)
        assert answer["ready"], jail.failed_layer(answer["exit"])
        assert "value" not in answer, (name, arguments, answer)
        return str(answer.get("error", answer["exit"]))

    def finish(self) -> dict[str, Any]:
        """The end of what `start` began."""
        answer: dict[str, Any] = json.loads(self._stream.readline())
        return answer

    def kill(self) -> None:
        """End the zygote as kill -9 would."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the zygote in good order."""
        with contextlib.suppress(OSError):
            self._stream.close()
        try:
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.wait()

    def _say(self, message: dict[str, Any]) -> None:
        self._stream.write(json.dumps(message) + "\n")
        self._stream.flush()

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        self._say(message)
        answer: dict[str, Any] = json.loads(self._stream.readline())
        return answer


@pytest.fixture(scope="session")
def house() -> Iterator[Path]:
    """A copy of the code in a place that every user may read, as an installation would be."""
    place = Path(tempfile.mkdtemp(prefix="reparam-house-"))
    place.chmod(0o755)
    (place / "grader").mkdir()
    for module in PACKAGE.glob("*.py"):
        shutil.copy(module, place / "grader")
    shutil.copytree(PACKAGE / "sandbox", place / "grader" / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    for script in ("tiny_zygote.py", "jail_attacks.py"):
        shutil.copy(SOURCES / script, place)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def box(house: Path) -> Iterator[Callable[..., Box]]:
    """Give a box for (user, without={...}, preload=(...), memory_mib=..., leak=path), started once for the same words."""
    boxes: dict[Any, Box] = {}

    def get(user: str, without: set[str] | None = None, preload: tuple[str, ...] = (), memory_mib: int = 256, leak: str = "") -> Box:
        key = (user, frozenset(without or ()), preload, memory_mib, leak)
        if key not in boxes:
            boxes[key] = Box(house, *key)  # type: ignore[arg-type]
        return boxes[key]

    yield get
    for opened in boxes.values():
        opened.close()
    cgroup.sweep()


@pytest.fixture
def playground() -> Iterator[Path]:
    """A folder with a secret, in which every user may do everything: only the jail stands between a child and it."""
    place = Path(tempfile.mkdtemp(prefix="reparam-playground-"))
    place.chmod(0o777)
    (place / "secret.txt").write_text("the secret", encoding="ascii")
    (place / "secret.txt").chmod(0o666)
    yield place
    shutil.rmtree(place)
