"""A class of made-up grades, as the formats get to see it."""

from __future__ import annotations

from grader.model import Adjustment, CheckResult, ExerciseResult, Grade, Lateness, Origin, Outcome, Person, Result, Status
from grader.unit import current

UNIT = current()


def result(name: str, wrong: dict[str, str] | None = None, status: Status = Status.GRADED) -> Result:
    """A submission in which all checks pass but the `wrong` ones, which carry a message."""
    wrong = wrong or {}
    exercises = []
    for exercise in UNIT.exercises if status is not Status.FAULT else ():
        checks = [
            CheckResult(check.name, function.name, 0.0, check.points, Outcome.FAILED, wrong[check.name], "kl-gradient-missing-reciprocal")
            if check.name in wrong
            else CheckResult(check.name, function.name, check.points, check.points, Outcome.PASSED, "")
            for function in exercise.functions
            for check in function.checks
        ]
        exercises.append(ExerciseResult(exercise.name, exercise.bonus, tuple(checks)))
    return Result(name, name, status, tuple(exercises), 1, "0.1.0", "c" * 64, "5" * 64, ("seccomp",), 0.25)


def grade(name: str, person: str = "", wrong: dict[str, str] | None = None, status: Status = Status.GRADED, **ids: str) -> Grade:
    people = (Person(person, ids),) if person or ids else ()
    return Grade(result(name, wrong, status), 100.0, Origin(people))


def adjusted(name: str, exercise: str, points: float, penalty: float = 0.0, **ids: str) -> Grade:
    adjustment = Adjustment(1, name, exercise, points, "the idea was right", "tara", "2026-11-22T10:00:00+00:00")
    late = Lateness(2, penalty) if penalty else None
    wrong = {"kl_gradient_formula": "The reciprocal is missing."}
    return Grade(result(name, wrong), 100.0, Origin((Person("", ids),)), (adjustment,), late)
