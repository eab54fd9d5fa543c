"""Results for nbgrader's notebooks, graded when they are asked for.

nbgrader asks notebook by notebook; a submission is graded as a whole, since its exercises may import each other, and kept for its next notebook.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from pathlib import Path

from grader import __version__
from grader.checks.fingerprint import fingerprints
from grader.errors import GraderError
from grader.intake import Entry, read
from grader.jobs import Task
from grader.jobs.local import LocalJobs
from grader.model import Result, Status
from grader.results import Context
from grader.results.context import Isolation
from grader.unit import current

_Key = tuple[str, int, Isolation]


class Verdicts:
    """One a process. The job that grades is started when first needed and lives as long as the process does."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Key, Result]] = {}
        self._jobs: dict[Isolation, LocalJobs] = {}
        self._open = ExitStack()
        self._checks: dict[str, str] = {}
        atexit.register(self._open.close)

    def result(self, student: str, submitted: Path, seed: int, isolation: Isolation) -> Result:
        """The result of what a student handed in.

        Raises:
            GraderError: the grader failed at it, or cannot grade anything here.
        """
        submission = read(Entry(submitted, student, "submission"), current())
        key = (submission.sha256, seed, isolation)
        if student in self._known and self._known[student][0] == key:
            return self._known[student][1]
        self._checks = self._checks or fingerprints(current())
        context = Context(seed, __version__, self._checks, isolation)
        if submission.rejected is not None:
            result = context.rejected(submission, current().exercises)
        else:
            exercises = tuple(exercise.name for exercise in current().exercises)
            (verdict,) = self._executor(isolation).grade([Task(submission, exercises, context)])
            if verdict.result.status is Status.FAULT:
                raise GraderError(f"{submitted}: the grader failed, and nothing was judged:\n{verdict.reason}")
            result = verdict.result
        self._known[student] = key, result
        return result

    def _executor(self, isolation: Isolation) -> LocalJobs:
        if isolation not in self._jobs:
            self._jobs[isolation] = self._open.enter_context(LocalJobs(1, isolation, current().limits))
        return self._jobs[isolation]


VERDICTS = Verdicts()
