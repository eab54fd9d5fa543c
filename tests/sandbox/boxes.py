"""Boxes to attack: a tiny zygote in an interpreter of its own, as root where the tests run as root, and as an ordinary user."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import cgroup, jail

ORDINARY = 54321
IS_ROOT = os.geteuid() == 0
USERS = ("root", "ordinary") if IS_ROOT else ("ordinary",)
TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(int(sys.argv[1]), termios.TIOCSCTTY, 0); os.execv(sys.argv[2], sys.argv[2:])"


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

    def __init__(
        self, house: Path, user: str, without: frozenset[str], preload: tuple[str, ...], memory_mib: int, leak: str, terminal: int | None = None
    ) -> None:
        """`terminal`: a descriptor of the terminal that shall control the zygote's session."""
        ours, theirs = socket.socketpair()
        as_other = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if user == "ordinary" and IS_ROOT else {}
        needs_readable_python = not preload and (user == "ordinary" or "view" in without)
        interpreter = ordinary_interpreter() if needs_readable_python else sys.executable
        environment = {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [interpreter, str(house / "tiny_zygote.py"), str(theirs.fileno())]
        if terminal is not None:
            command = [interpreter, "-c", TAKE_TERMINAL, str(terminal), *command]
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            command,
            pass_fds=[theirs.fileno(), *([] if terminal is None else [terminal])],
            start_new_session=terminal is not None,
            env=environment,
            cwd="/",
            **as_other,
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
        self.close()

    def close(self) -> None:
        """End the zygote in good order."""
        with contextlib.suppress(OSError):
            self._stream.close()
        try:
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.wait()
            cgroup.remove(self._process.pid)

    def _say(self, message: dict[str, Any]) -> None:
        self._stream.write(json.dumps(message) + "\n")
        self._stream.flush()

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        self._say(message)
        answer: dict[str, Any] = json.loads(self._stream.readline())
        return answer
