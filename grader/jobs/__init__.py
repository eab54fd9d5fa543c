"""Jobs: processes that grade one submission after another, each with a warm pytest session and a sandbox of its own.

Reads `Task`s, returns `Verdict`s, touches no file. An executor hands out the tasks; `local` does so to processes of this machine. Another one may
carry tasks elsewhere: a task is plain data and holds all that a verdict depends on, and `job.Grader` is all that the other end needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from grader.model import Result, Submission
from grader.results import Context


@dataclass(frozen=True, slots=True)
class Task:
    """One submission, the exercises of it to grade, and what the verdict rests on besides."""

    submission: Submission
    exercises: tuple[str, ...]
    context: Context


@dataclass(frozen=True, slots=True)
class Verdict:
    """A submission's result. `reason` is for staff alone: why it is a fault, with the traceback."""

    result: Result
    reason: str = ""


class Executor(Protocol):
    """Whoever gets tasks graded."""

    def grade(self, tasks: Iterable[Task]) -> Iterator[Verdict]:
        """One verdict a task, in the order in which they are reached. Tasks are taken only as fast as they can be worked on.

        Raises:
            GraderError: no submission can be graded here (no sandbox, a broken catalogue). Verdicts already given stand.
        """
        ...


def fault(task: Task, reason: str) -> Verdict:
    """The verdict on a task at which the grader failed."""
    return Verdict(task.context.fault(task.submission.name, task.submission.file_name, task.submission.sha256), reason)
