"""What a result rests on, and so what of an earlier run still holds.

Two rules decide every rerun. All exercises of a result rest on the same submission, checks, seed, version and isolation. And a result never loses an
exercise: one that no longer holds is graded again with all that it held, even if only a part was asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from grader.model import CheckResult, ExerciseResult, Outcome, Result, Status, Submission
from grader.unit import Exercise, Unit

Isolation = Literal["strict", "process"]
FAULT_MESSAGE = "The grader itself failed, and nothing was judged. Staff find the reason in faults/{file_name}.txt; the next run tries again."


@dataclass(frozen=True, slots=True)
class Context:
    """What a result rests on besides the submission."""

    seed: int
    package_version: str
    checks_sha256: str
    isolation: Isolation = "strict"

    def holds(self, result: Result, submission_sha256: str) -> bool:
        """Whether a stored result is what grading the submission again would give."""
        return (
            result.status is not Status.FAULT
            and result.submission_sha256 == submission_sha256
            and (result.seed, result.package_version, result.checks_sha256) == (self.seed, self.package_version, self.checks_sha256)
            and (result.status is Status.REJECTED or ("process" in result.isolation) == (self.isolation == "process"))
        )

    def graded(self, submission: Submission, exercises: tuple[ExerciseResult, ...], layers: tuple[str, ...], duration_s: float) -> Result:
        """The result of a submission whose code was run, behind the given layers of isolation."""
        result = self._result(submission.name, submission.file_name, submission.sha256, Status.GRADED, exercises)
        return replace(result, isolation=layers, duration_s=duration_s, notes=submission.notes)

    def rejected(self, submission: Submission, exercises: Collection[Exercise]) -> Result:
        """The result of a submission in which there was nothing to run: every check of these exercises is missing."""
        reason = submission.rejected or ""
        results = tuple(ExerciseResult(exercise.name, exercise.bonus, tuple(_missing(exercise))) for exercise in exercises)
        result = self._result(submission.name, submission.file_name, submission.sha256, Status.REJECTED, results)
        return replace(result, message=reason, notes=submission.notes)

    def fault(self, name: str, file_name: str, submission_sha256: str = "") -> Result:
        """The result of a submission at which the grader failed. What went wrong is told to staff only, elsewhere."""
        result = self._result(name, file_name, submission_sha256, Status.FAULT, ())
        return replace(result, message=FAULT_MESSAGE.format(file_name=file_name))

    def _result(self, name: str, file_name: str, sha256: str, status: Status, exercises: tuple[ExerciseResult, ...]) -> Result:
        return Result(name, file_name, status, exercises, self.seed, self.package_version, self.checks_sha256, sha256, (), 0.0)


def still_to_grade(stored: Result | None, holds: bool, asked: Collection[str], unit: Unit, force: bool) -> tuple[str, ...]:
    """The exercises to grade now, in the catalogue's order.

    Args:
        stored: the submission's result of an earlier run.
        holds: whether it would come out the same today.
        asked: the exercises this run is about.
        unit: the catalogue.
        force: grade what is asked for even though it holds.
    """
    every = [exercise.name for exercise in unit.exercises]
    if stored is None:
        wanted = set(asked)
    elif stored.status is Status.FAULT:
        wanted = set(every)
    else:
        held = {exercise.name for exercise in stored.exercises}
        wanted = set(asked) - (held if holds and not force else set()) if holds else set(asked) | held
    return tuple(name for name in every if name in wanted)


def united(earlier: Result, later: Result, unit: Unit) -> Result:
    """The later result, completed by the exercises of an earlier one that rests on the same."""
    exercises = {exercise.name: exercise for exercise in (*earlier.exercises, *later.exercises)}
    return replace(later, exercises=tuple(exercises[exercise.name] for exercise in unit.exercises if exercise.name in exercises))


def _missing(exercise: Exercise) -> list[CheckResult]:
    return [
        CheckResult(check.name, function.name, 0.0, check.points, Outcome.MISSING, "Nothing could be read from the submission.")
        for function in exercise.functions
        for check in function.checks
    ]
