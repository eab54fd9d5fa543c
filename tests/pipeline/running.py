"""A small class, the command as a process, and ways to see what it leaves behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.unit import data_directory

GRADE = str(Path(sys.executable).with_name("grade"))
# Works long enough to be found while it runs, and gets its points all the same.
SLOW = "import time\nwhile time.process_time() < 0.5:\n    pass\n"
# Worker processes that have used this much are at such work: starting a sandbox takes far less.
BUSY_TICKS = 0.3 * os.sysconf("SC_CLK_TCK")


def grade(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [GRADE, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)  # noqa: S603  # our own


def make_class(folder: Path) -> Path:
    """Seven submissions: right, wrong, empty, rejected, and slow ones for those who want to interrupt. Each is little work."""
    solution = (data_directory("solutions") / "kl.py").read_text()
    sources = {f"slow{number}": SLOW + f"# {number}\n" + solution for number in range(2)}
    sources |= {"right": solution, "wrong": solution.replace("sigma - 1.0 / sigma", "sigma"), "broken": solution + "\n)", "stub": ""}
    for name, source in sources.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "kl.py").write_text(source)
    shutil.copy(data_directory("exercises") / "kl.py", folder / "stub" / "kl.py")
    (folder / "empty").mkdir()
    return folder


def outcome(out: Path) -> dict[str, bytes]:
    """What a run left in OUT, without the one thing that differs from run to run."""
    files = {}
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name != ".lock":
            lines = path.read_bytes().splitlines(keepends=True)
            files[path.relative_to(out).as_posix()] = b"".join(line for line in lines if not line.startswith(b' "duration_s"'))
    return files


class Running:
    """The command while it runs, and every process below it."""

    def __init__(self, *arguments: object) -> None:
        command = [GRADE, *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  # our own
        self.seen: set[int] = {self.process.pid}

    def children(self, pid: int | None = None) -> list[int]:
        """The processes that this process started and that still live."""
        try:
            tasks = Path(f"/proc/{pid or self.process.pid}/task").iterdir()
            found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            return []
        self.seen.update(found)
        return found

    def jobs(self) -> list[int]:
        return self.children()

    def busy_jobs(self) -> list[int]:
        """Jobs that work on a slow submission: a worker of their zygote has been computing for a while."""
        workers = {job: [worker for zygote in self.children(job) for worker in self.children(zygote)] for job in self.children()}
        return [job for job, below in workers.items() if any(_ticks(worker) > BUSY_TICKS for worker in below)]

    def zygotes(self) -> list[int]:
        return [zygote for job in self.children() for zygote in self.children(job)]

    def wait_for(self, condition: Callable[[], object]) -> None:
        while not condition():
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.01)

    def finish(self) -> subprocess.CompletedProcess[str]:
        out, err = self.process.communicate(timeout=300)
        return subprocess.CompletedProcess([], self.process.returncode, out, err)

    def left_behind(self) -> list[int]:
        """Processes that were seen and still live; those that are ending get the time they need."""
        for _ in range(500):
            alive = [pid for pid in self.seen if _lives(pid)]
            if not alive:
                break
            time.sleep(0.01)
        return alive


def _ticks(pid: int) -> int:
    """Processor time that a process has used."""
    try:
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    except OSError:
        return 0


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
