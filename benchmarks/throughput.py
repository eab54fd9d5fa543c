"""Submissions a second: one job of ours, a fresh pytest process for each, and the floor, which is the same checks as plain calls in a warm process.

    python benchmarks/throughput.py [--rounds 5] [--submissions 10]

All three run the same checks on the same submissions of the whole unit, one after the other. Ours includes reading and writing, but not the start of
the job; what that costs is a row of its own. While a worker works, the next one is forked, on another core if there is one: the columns of processor
time say what a submission costs in all. Where there are several cores, a further row has as many jobs, which is what the command does unasked.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import harness
import numpy as np
import torch
from plain_student import PlainStudent

from grader import DEFAULT_SEED, pipeline
from grader.checks import session
from grader.intake import Entry, entries, read
from grader.jobs.local import ENVIRONMENT, LocalJobs, cores
from grader.model import Outcome, Result, Status
from grader.unit import CHECKS_DIRECTORY, current

UNIT = current()


class Unwatched:
    """A watch that demands that all went well."""

    def begin(self, total: int) -> None:
        """Nothing to show."""

    def kept(self, result: Result) -> None:
        """Must not happen: all is graded anew."""
        raise AssertionError(result)

    def done(self, result: Result, reason: str) -> None:
        """Right work gets its points."""
        assert result.status is Status.GRADED, reason  # noqa: S101  # a figure of anything else would be worthless
        assert all(check.outcome is Outcome.PASSED for exercise in result.exercises for check in exercise.checks)  # noqa: S101  # as above


def ours(jobs: LocalJobs, found: list[Entry], scratch: Path) -> float:
    """Seconds a submission of jobs that are warm."""
    started = time.perf_counter()
    pipeline.run(pipeline.Order(scratch / "class", scratch / "out", force=True), jobs, Unwatched(), found)
    return (time.perf_counter() - started) / len(found)


def fresh_pytest(submission: Path) -> float:
    """Seconds of one pytest process for one submission."""
    files = [str(CHECKS_DIRECTORY / f"test_{exercise.name}.py") for exercise in UNIT.exercises]
    options = ["-q", "-p", "fresh_pytest", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(CHECKS_DIRECTORY), "--import-mode=importlib"]
    here = {"SUBMISSION": str(submission), "PYTHONPATH": str(Path(__file__).parent)}
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", *options, *files]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | ENVIRONMENT | here)  # noqa: S603  # our own
    return time.perf_counter() - started


def floor(found: Iterable[Entry]) -> float:
    """Seconds a submission of the checks as plain calls."""
    fixtures = {"reference": session.load_reference(UNIT), "walk_through": UNIT.walk_through}
    modules = [importlib.import_module(f"grader.checks.test_{exercise.name}") for exercise in UNIT.exercises]
    checks = [check for module in modules for name, check in vars(module).items() if name.startswith("test_")]
    submissions = [read(entry, UNIT) for entry in found]
    started = time.perf_counter()
    for submission in submissions:
        student = PlainStudent(UNIT, submission)
        for check in checks:
            rng = np.random.default_rng([DEFAULT_SEED, zlib.crc32(check.__name__.encode())])
            given = fixtures | {"student": student, "rng": rng}
            with np.errstate(all="ignore"):
                check(**{name: given[name] for name in inspect.signature(check).parameters})
        student.close()
    return (time.perf_counter() - started) / len(submissions)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--submissions", type=int, default=10, help="of a round, for ours and the floor; a fresh pytest process gets one")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalJobs(1, "strict", UNIT.limits) as jobs,
        LocalJobs(cores(), "strict", UNIT.limits) as several,
    ):
        scratch = Path(folder)
        found = entries(harness.make_class(scratch / "class", asked.submissions))
        turns = itertools.cycle(sorted((scratch / "class").iterdir()))
        started = time.perf_counter()
        ours(jobs, found[:1], scratch)
        start = time.perf_counter() - started
        floor(found[:1])
        sides: dict[str, tuple[Callable[[], float], int]] = {
            "grade run -j 1": (lambda: ours(jobs, found, scratch), len(found)),
            "a fresh pytest process each": (lambda: fresh_pytest(next(turns)), 1),
            "floor: plain calls, no isolation": (lambda: floor(found), len(found)),
        }
        if cores() > 1:
            ours(several, found, scratch)
            sides |= {f"grade run -j {cores()}": (lambda: ours(several, found, scratch), len(found))}
        processor: dict[str, list[float]] = {name: [] for name in sides}

        def measured(name: str) -> float:
            measure, count = sides[name]
            before = harness.processor_seconds()
            seconds = measure()
            processor[name].append((harness.processor_seconds() - before) / count)
            return seconds

        seconds = harness.interleaved(asked.rounds, {name: partial(measured, name) for name in sides})
    used = {name: statistics.median(values) for name, values in processor.items()}
    mine = "grade run -j 1"
    rows: list[tuple[object, ...]] = [
        (name, seconds[name] * 1000, seconds[name] / seconds[mine], used[name] * 1000, used[name] / used[mine]) for name in sides
    ]
    rows.append(("once a run: start of a job, first submission", start * 1000, "", "", ""))
    columns = ("how", "ms a submission", "times ours", "processor ms", "times ours (processor)")
    harness.report("throughput", "The whole unit, all solved", columns, rows, rounds=asked.rounds, submissions_a_round=asked.submissions)


if __name__ == "__main__":
    main()
