"""What a result rests on, and so what of an earlier run still holds.

Two rules decide every rerun. All exercises of a result rest on the same submission, checks, seed, version and isolation. And a result never loses an
exercise: one that no longer holds is graded again, even if only others were asked for, and after a fault of the grader's, of which only itself is
kept, all are. Where the checks of one exercise changed, the others hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from grader.model import CheckResult, ExerciseResult, Outcome, Result, Status, Submission
from grader.unit import Exercise, Unit

Isolation = Literal["strict", "process"]
FAULT_MESSAGE = "The grader itself failed, and nothing was judged. Staff find the reason in faults/{file_name}.txt; the next run tries again."


def combined(checks: Mapping[str, str]) -> str:
    """The hashes of all exercises' checks as one."""
    return hashlib.sha256("".join(f"{name} {sha256}\n" for name, sha256 in checks.items()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Context:
    """What a result rests on besides the submission. `checks`: SHA-256 of what judges an exercise, for each of them."""

    seed: int
    package_version: str
    checks: Mapping[str, str]
    isolation: Isolation = "strict"

    @property
    def checks_sha256(self) -> str:
        """All of `checks` in one."""
        return combined(self.checks)

    def still_valid(self, result: Result, submission_sha256: str) -> frozenset[str]:
        """The exercises of a stored result that would come out the same if the submission were graded again."""
        same = (
            result.status is not Status.FAULT
            and result.submission_sha256 == submission_sha256
            and (result.seed, result.package_version) == (self.seed, self.package_version)
            and (result.status is Status.REJECTED or ("process" in result.isolation) == (self.isolation == "process"))
        )
        return frozenset(exercise.name for exercise in result.exercises if same and exercise.checks_sha256 == self.checks.get(exercise.name))

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
        judged = tuple(replace(exercise, checks_sha256=self.checks[exercise.name]) for exercise in exercises)
        return Result(name, file_name, status, judged, self.seed, self.package_version, self.checks_sha256, sha256, (), 0.0)


def still_to_grade(stored: Result | None, valid: Collection[str], asked: Collection[str], unit: Unit, force: bool) -> tuple[str, ...]:
    """The exercises to grade now, in the catalogue's order.

    Args:
        stored: the submission's result of an earlier run.
        valid: its exercises that would come out the same today.
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
        outdated = {exercise.name for exercise in stored.exercises} - set(valid)
        wanted = outdated | (set(asked) if force else set(asked) - set(valid))
    return tuple(name for name in every if name in wanted)


def united(earlier: Result, valid: Collection[str], later: Result, unit: Unit) -> Result:
    """The later result, completed by those exercises of an earlier one that are still valid."""
    kept = (exercise for exercise in earlier.exercises if exercise.name in valid)
    exercises = {exercise.name: exercise for exercise in (*kept, *later.exercises)}
    return replace(later, exercises=tuple(exercises[exercise.name] for exercise in unit.exercises if exercise.name in exercises))


def _missing(exercise: Exercise) -> list[CheckResult]:
    return [
        CheckResult(check.name, function.name, 0.0, check.points, Outcome.MISSING, "Nothing could be read from the submission.")
        for function in exercise.functions
        for check in function.checks
    ]
