"""Made-up classes for the pages, hostile wherever a student has a say."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

from grader.model import (
    Adjustment,
    CheckResult,
    Curve,
    ExerciseResult,
    Grade,
    Lateness,
    Listing,
    Observed,
    Origin,
    Outcome,
    Person,
    Picture,
    Result,
    Status,
)
from grader.unit import current, data_directory

UNIT = current()
INJECTION = "<script>window.hit=1</script><img src=x onerror='window.hit=2'>\"'><svg onload=window.hit=3>{{ 7*7 }}</style>"
HINT = "The reciprocal is missing. Differentiate term by term. (Handout: README.md#the-kl-gradient)"


def check(
    name: str, function: str, worth: float, outcome: Outcome = Outcome.PASSED, message: str = "", misconception: str | None = None
) -> CheckResult:
    return CheckResult(name, function, worth if outcome is Outcome.PASSED else 0.0, worth, outcome, message, misconception)


def result(
    name: str, verdicts: dict[str, tuple[Outcome, str, str | None]] | None = None, status: Status = Status.GRADED, **changes: object
) -> Result:
    """A result in which all checks pass but those for which a verdict is given."""
    verdicts = verdicts or {}
    exercises = tuple(
        ExerciseResult(
            exercise.name,
            exercise.bonus,
            tuple(
                check(one.name, function.name, one.points, *verdicts.get(one.name, ())) for function in exercise.functions for one in function.checks
            ),
        )
        for exercise in UNIT.exercises
    )
    made = Result(name, name, status, exercises if status is not Status.FAULT else (), 20260101, "0.1.0", "c" * 64, "5" * 64, ("seccomp",), 0.2)
    return replace(made, **changes)  # type: ignore[arg-type]


def hostile_grade() -> tuple[Grade, Observed]:
    """Every field that a student fills, or could, carries an injection; every part of the page is there."""
    verdicts = {
        "sample_distribution": (Outcome.FAILED, f"The draws are spread too widely. {INJECTION}", "sample-variance-for-sd"),
        "kl_gradient_formula": (Outcome.FAILED, HINT, "kl-gradient-missing-reciprocal"),
        "encoder_backward_formula": (
            Outcome.ERROR,
            f"`encoder_backward` raised ValueError: {INJECTION}\n  {INJECTION}encoder.py, line 4, in f: x",
            None,
        ),
        "implicit_gradient_formula": (Outcome.NOT_IMPLEMENTED, "`implicit_gradient` still raises NotImplementedError.", None),
    }
    made = result(INJECTION, verdicts, file_name="hostile", notes=(INJECTION,))
    adjustment = Adjustment(1, "hostile", "kl", 2.0, INJECTION, INJECTION, "2026-11-22T10:00:00+00:00")
    listings = {
        name: (Listing(f"{name}.py", tuple((data_directory("solutions") / f"{name}.py").read_text(encoding="utf-8").splitlines())),)
        for name in ("sampler", "kl")
    }
    listings["encoder"] = (
        Listing(f"{INJECTION}encoder.py", ("def encoder_backward(x):", '    """' + INJECTION, '    """', f"    return x  # {INJECTION}")),
    )
    x = tuple(-4 + 0.25 * number for number in range(33))
    density = tuple(math.exp(-value * value / 2) / math.sqrt(2 * math.pi) for value in x)
    picture = Picture(INJECTION, INJECTION, INJECTION, x, density[1:], (Curve(INJECTION, x, density),))
    grade = Grade(made, 100.0, Origin((Person(INJECTION, {"email": INJECTION}),)), (adjustment,), Lateness(2, 0.1))
    return grade, Observed(listings, {"sample_distribution": picture})


def big_class(size: int) -> list[Grade]:
    """A class with strong and weak students, known mistakes, time-outs, faults and rejected work; always the same."""
    dice = random.Random(7)  # noqa: S311  # a made-up class
    grades = []
    for number in range(size):
        strength = dice.gauss(1.0, 1.0)
        verdicts: dict[str, tuple[Outcome, str, str | None]] = {}
        for exercise in UNIT.exercises:
            for function in exercise.functions:
                stopped = dice.random() < 0.01
                for place, one in enumerate(function.checks):
                    if stopped:
                        verdicts[one.name] = (Outcome.TIMEOUT, f"`{function.name}` did not return within 5 s and was stopped.", None)
                    elif dice.random() > 1 / (1 + math.exp(-2 * (strength - place / 3))):
                        verdicts[one.name] = (Outcome.FAILED, HINT, "kl-gradient-missing-reciprocal" if exercise.name == "kl" else None)
        status = Status.FAULT if number % 97 == 5 else Status.GRADED
        message = "The grader itself failed." if status is Status.FAULT else ""
        name = INJECTION if number == 0 else f"Student {number:04d} with a rather long name"
        grades.append(Grade(result(name, verdicts, status, file_name=f"s{number:04d}", message=message), 100.0))
    return grades


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
