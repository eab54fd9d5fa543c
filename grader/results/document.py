"""A result as JSON, in the shape of the contract, and back.

Reads and returns bytes and results; touches no file. What students chose (names, messages) is cut so that a document never outgrows its limit.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from grader.model import CheckResult, ExerciseResult, Outcome, Result, Status
from grader.text import printable, printable_lines
from grader.unit import Unit

SCHEMA = 1
NAME_CHARACTERS = 255
MOST_NOTES = 50
# What messages are cut to, in turn, until the document fits.
_CUTS = (1000, 500, 250, 100, 40)


# What a document that others wrote, or damaged, may raise while it is taken apart.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)


class NotAResult(Exception):
    """The bytes are no result of this schema."""


def encode(result: Result, unit: Unit) -> bytes:
    """The document of a result: UTF-8, at most `unit.limits.result_bytes` long, the same bytes for the same result."""
    document = _bytes(_document(result, unit))
    for characters in _CUTS:
        if len(document) <= unit.limits.result_bytes:
            break
        document = _bytes(_document(_cut(result, characters), unit))
    return document


def decode(document: bytes, file_name: str) -> Result:
    """The result in a document.

    Raises:
        NotAResult: it is none, or of another schema.
    """
    try:
        table = json.loads(document)
        if table["schema"] != SCHEMA:
            raise NotAResult(f"schema {table['schema']}")
        return Result(
            submission=str(table["submission"]),
            file_name=file_name,
            status=Status(table["status"]),
            exercises=tuple(_exercise(name, exercise, str(table["exercise_checks_sha256"][name])) for name, exercise in table["exercises"].items()),
            seed=int(table["seed"]),
            package_version=str(table["package_version"]),
            checks_sha256=str(table["checks_sha256"]),
            submission_sha256=str(table["submission_sha256"]),
            isolation=tuple(map(str, table["isolation"])),
            duration_s=finite(table["duration_s"]),
            message=str(table["message"]),
            notes=tuple(map(str, table["notes"])),
        )
    except UNREADABLE as error:
        raise NotAResult(f"{type(error).__name__}: {error}") from error


def finite(value: Any) -> float:
    """A number of a document. Raises as UNREADABLE says, also for NaN and the infinities, which JSON does not have and Python's reader takes."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number")
    return number


def max_score(result: Result, unit: Unit) -> float:
    """The points that could be had without the bonus; for the grader's own fault, at which nothing was judged, those of the whole unit."""
    if result.status is Status.FAULT:
        return float(sum(exercise.points for exercise in unit.exercises if not exercise.bonus))
    return float(round(sum(exercise.max_score for exercise in result.exercises if not exercise.bonus), 6))


def _document(result: Result, unit: Unit) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "submission": result.submission[:NAME_CHARACTERS],
        "status": result.status.value,
        "score": _points(result.score),
        "max_score": max_score(result, unit),
        "bonus": _points(result.bonus),
        "exercises": {exercise.name: _exercise_table(exercise) for exercise in result.exercises},
        "seed": result.seed,
        "package_version": result.package_version,
        "checks_sha256": result.checks_sha256,
        "submission_sha256": result.submission_sha256,
        "isolation": list(result.isolation),
        "duration_s": round(result.duration_s, 3),
        "message": result.message,
        "notes": _notes(result.notes),
        "exercise_checks_sha256": {exercise.name: exercise.checks_sha256 for exercise in result.exercises},
    }


def _exercise_table(exercise: ExerciseResult) -> dict[str, Any]:
    checks = [
        {
            "name": check.name,
            "function": check.function,
            "points": _points(check.points),
            "max_points": _points(check.max_points),
            "outcome": check.outcome.value,
            "message": check.message,
            "misconception": check.misconception,
        }
        for check in exercise.checks
    ]
    return {"score": _points(exercise.score), "max_score": _points(exercise.max_score), "bonus": exercise.bonus, "checks": checks}


def _points(value: float | None) -> float | None:
    """Always a JSON number with a fraction, so that readers with strict types see one type."""
    return None if value is None else float(value)


def _notes(notes: tuple[str, ...]) -> list[str]:
    if len(notes) <= MOST_NOTES:
        return list(notes)
    return [*notes[: MOST_NOTES - 1], f"... and {len(notes) - MOST_NOTES + 1:,} more remarks of this kind."]


def _bytes(table: dict[str, Any]) -> bytes:
    # A lone surrogate is no text: UTF-8 cannot hold it, and as an escape it would break the next reader.
    return (json.dumps(table, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")


def _cut(result: Result, characters: int) -> Result:
    def cut_check(check: CheckResult) -> CheckResult:
        return replace(check, message=printable_lines(check.message, characters))

    exercises = tuple(replace(exercise, checks=tuple(map(cut_check, exercise.checks))) for exercise in result.exercises)
    notes = tuple(printable(note, characters) for note in result.notes)
    return replace(result, exercises=exercises, notes=notes, message=printable(result.message, max(characters, 250)))


def _exercise(name: str, table: dict[str, Any], checks_sha256: str) -> ExerciseResult:
    checks = tuple(
        CheckResult(
            name=str(check["name"]),
            function=str(check["function"]),
            points=finite(check["points"]),
            max_points=finite(check["max_points"]),
            outcome=Outcome(check["outcome"]),
            message=str(check["message"]),
            misconception=None if check["misconception"] is None else str(check["misconception"]),
        )
        for check in table["checks"]
    )
    return ExerciseResult(name, bool(table["bonus"]), checks, checks_sha256)
