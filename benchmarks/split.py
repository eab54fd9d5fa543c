"""Where the time of one submission goes: intake, fork, jail, import, calls, pytest, the checks themselves, scoring, writing.

    python benchmarks/split.py [--submissions 20]

Everything runs in this process but the sandbox, with a stopwatch around the functions below. What runs inside another stops the other's watch, so
the parts add up to the whole.
"""

from __future__ import annotations

import argparse
import functools
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import harness
import pytest
import torch

from grader import pipeline
from grader.checks import session
from grader.checks.fingerprint import fingerprints
from grader.intake import entries
from grader.jobs import Task, Verdict
from grader.jobs.job import Grader
from grader.report.progress import RunProgress
from grader.report.terminal import stderr
from grader.results import Context, Store
from grader.sandbox.client import Sandbox, SandboxedStudent
from grader.sandbox.fork_server import ForkServer
from grader.unit import current


class Stopwatch:
    """Time by part; a part that begins inside another is not counted there."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.open: list[str] = ["other"]
        self.since = time.perf_counter()

    def _lap(self) -> None:
        now = time.perf_counter()
        self.seconds[self.open[-1]] += now - self.since
        self.since = now

    def around(self, owner: Any, name: str, part: Callable[..., str] | str) -> None:
        """Put the watch around a function for good; `part` may depend on its arguments."""
        inner = getattr(owner, name)

        @functools.wraps(inner)
        def timed(*arguments: Any, **keywords: Any) -> Any:
            self._lap()
            self.open.append(part if isinstance(part, str) else part(*arguments, **keywords))
            try:
                return inner(*arguments, **keywords)
            finally:
                self._lap()
                self.open.pop()

        setattr(owner, name, timed)

    def reset(self) -> None:
        """Begin anew."""
        self.seconds.clear()
        self.since = time.perf_counter()


PARTS = {
    "intake": "reading and hashing the files",
    "fork": "a process a loaded exercise, from the warm zygote",
    "jail": "waiting for the lock-down and verifying it",
    "import": "loading the student's file",
    "calls": "the student's functions, with the way there and back",
    "end": "ending the process",
    "checks": "inputs, expected values, comparison, statistics",
    "pytest": "its machinery around the checks",
    "scoring": "from outcomes to a result",
    "writing": "result files",
    "other": "the run's own loop, progress",
}


def observe(watch: Stopwatch) -> None:
    """Put the watch around every part."""
    watch.around(pipeline, "read", "intake")
    watch.around(ForkServer, "fork", "fork")
    watch.around(ForkServer, "_await_lock_down", "jail")
    watch.around(ForkServer, "end", "end")
    watch.around(SandboxedStudent, "_load", "import")
    watch.around(SandboxedStudent, "each", "calls")
    watch.around(pytest.Function, "runtest", "checks")
    watch.around(session._WarmSession, "_grade", "pytest")
    watch.around(Context, "graded", "scoring")
    watch.around(pipeline, "observe", "scoring")
    for name in ("read", "write", "write_observed", "write_grades"):
        watch.around(Store, name, "writing")


class Here:
    """An executor that is this process."""

    def __init__(self, grader: Grader) -> None:
        self.grader = grader

    def grade(self, tasks: Iterable[Task]) -> Iterator[Verdict]:
        """One after the other."""
        return map(self.grader.verdict, tasks)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=20)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    unit, watch = current(), Stopwatch()
    observe(watch)
    with tempfile.TemporaryDirectory() as folder, Sandbox(unit) as sandbox:
        scratch = Path(folder)
        found = entries(harness.make_class(scratch / "class", asked.submissions))
        order = pipeline.Order(scratch / "class", scratch / "out", force=True)

        def body(grade: session.Grade) -> None:
            executor = Here(Grader(grade, sandbox, fingerprints(unit)))
            pipeline.run(order, executor, RunProgress(stderr()), found[:1])
            watch.reset()
            pipeline.run(order, executor, RunProgress(stderr()), found)
            watch._lap()

        session.run(unit, body)
    total = sum(watch.seconds.values())
    rows = [(part, what, watch.seconds[part] * 1000 / len(found), 100 * watch.seconds[part] / total) for part, what in PARTS.items()]
    rows.append(("all", "", total * 1000 / len(found), 100.0))
    harness.report("split", "One submission of the whole unit, solved", ("part", "what it is", "ms", "%"), rows, submissions=len(found))


if __name__ == "__main__":
    main()
