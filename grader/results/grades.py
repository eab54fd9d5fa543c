"""The class as a table: one row a submission, what `grades.csv` and the terminal show of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from grader.model import Result, Row
from grader.results.document import NAME_CHARACTERS, max_score
from grader.spreadsheet import as_text, line
from grader.text import printable
from grader.unit import Unit


def row(result: Result, unit: Unit) -> Row:
    """A result's line."""
    scores = {exercise.name: exercise.score for exercise in result.exercises}
    return Row(result.submission, result.file_name, result.status, result.score, max_score(result, unit), result.bonus, scores)


def csv_bytes(rows: Iterable[Row], unit: Unit) -> bytes:
    """`grades.csv`: the columns of the contract, rows sorted by name, nothing in it that a spreadsheet would execute."""
    rows = sorted(rows, key=lambda row: (row.submission, row.file_name))
    shown = Counter(printable(row.submission, NAME_CHARACTERS) for row in rows)
    names = [exercise.name for exercise in unit.exercises]
    text = [line(["submission", "score", "max_score", "bonus", "status", *names])]
    for row in rows:
        name = printable(row.submission, NAME_CHARACTERS)
        # Two names that look the same are told apart by their file names.
        label = as_text(name if shown[name] == 1 else f"{name} ({row.file_name})", row.submission)
        points = map(_cell, (row.score, row.max_score, row.bonus))
        text.append(line([label, *points, row.status.value, *(_cell(row.exercises.get(name)) for name in names)]))
    return "".join(text).encode("utf-8", "replace")


def _cell(points: float | None) -> str:
    return "" if points is None else str(float(points))
