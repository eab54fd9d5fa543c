"""A Dask cluster of separate processes, and a small class to grade on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.unit import data_directory

BIN = Path(sys.executable).parent
# Works long enough for a process to be killed meanwhile, and gets its points all the same.
SLOW = "import time\ntime.sleep({seconds})\n"
PATIENCE_SECONDS = 120.0


def grade_run(folder: Path, *arguments: object, out: str = "out") -> subprocess.CompletedProcess[str]:
    return finish(start_run(folder, *arguments, out=out))


def start_run(folder: Path, *arguments: object, out: str = "out", within: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [*within, str(BIN / "grade"), "run", str(folder / "class"), "-o", str(folder / out), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  # our own


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def make_class(folder: Path, slow: int = 0, seconds: float = 1.0) -> Path:
    """Right, wrong, rejected and missing work on one exercise, and so many slow ones, which take so many seconds."""
    solution = (data_directory("solutions") / "kl.py").read_text()
    sources = {f"slow{number}": SLOW.format(seconds=seconds) + f"# {number}\n" + solution for number in range(slow)}
    sources |= {"right": solution, "wrong": solution.replace("sigma - 1.0 / sigma", "sigma"), "broken": solution + "\n)"}
    for name, source in sources.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "kl.py").write_text(source)
    (folder / "class" / "empty").mkdir()
    (folder / "class" / "archive.zip").write_bytes(b"none")
    return folder


def outcome(out: Path) -> dict[str, bytes]:
    """Every file of OUT, without the one thing that differs from run to run."""
    return {
        path.relative_to(out).as_posix(): b"".join(line for line in path.read_bytes().splitlines(True) if not line.startswith(b' "duration_s"'))
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def graded(out: Path) -> int:
    """How many results there are by now."""
    return len(list((out / "results").glob("*.json")))


def wait_for(condition: Callable[[], object], process: subprocess.Popen[Any]) -> None:
    """Wait until something holds that a process brings about."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Cluster:
    """A scheduler and its workers, each a process that can be killed. `within` is what their commands are run with: a network namespace, say."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", within: tuple[str, ...] = (), environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        options = ("--host", host, "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        self.scheduler = self._start(*within, str(BIN / "dask"), "scheduler", *options, **(environment or {}))
        wait_for(lambda: file.is_file() and file.read_text().endswith("}"), self.scheduler)
        self.address = json.loads(file.read_text())["address"]

    def worker(self, *within: str, **environment: str) -> subprocess.Popen[bytes]:
        """One more worker, connected."""
        number = len(self.processes)
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder / str(number)))
        process = self._start(*within, str(BIN / "dask"), "worker", self.address, *options, **environment)
        wait_for(lambda: "Registered to" in self.log(number), process)
        return process

    def log(self, number: int) -> str:
        return (self.folder / f"{number}.log").read_text()

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def _start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | environment)  # noqa: S603  # our own
        self.processes.append(process)
        return process
