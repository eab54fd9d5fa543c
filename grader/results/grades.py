"""The class as a table: one row a submission, what `grades.csv` and the terminal show of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable

from grader.model import Result, Row
from grader.results.document import NAME_CHARACTERS, max_score
from grader.text import printable
from grader.unit import Unit

# A spreadsheet takes a cell that begins so for a formula; the full-width forms count in some locales.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def row(result: Result, unit: Unit) -> Row:
    """A result's line."""
    scores = {exercise.name: exercise.score for exercise in result.exercises}
    return Row(result.submission, result.file_name, result.status, result.score, max_score(result, unit), result.bonus, scores)


def csv_bytes(rows: Iterable[Row], unit: Unit) -> bytes:
    """`grades.csv`: the columns of the contract, rows sorted by name, nothing in it that a spreadsheet would execute."""
    rows = sorted(rows, key=lambda row: (row.submission, row.file_name))
    shown = Counter(printable(row.submission, NAME_CHARACTERS) for row in rows)
    names = [exercise.name for exercise in unit.exercises]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["submission", "score", "max_score", "bonus", "status", *names])
    for line in rows:
        name = printable(line.submission, NAME_CHARACTERS)
        # Two names that look the same are told apart by their file names.
        label = _harmless(name if shown[name] == 1 else f"{name} ({line.file_name})", line.submission)
        points = map(_cell, (line.score, line.max_score, line.bonus))
        writer.writerow([label, *points, line.status.value, *(_cell(line.exercises.get(name)) for name in names)])
    return text.getvalue().encode("utf-8", "replace")


def _harmless(label: str, raw: str) -> str:
    """A name that begins like a formula, also after the spaces that some programs drop, gets the apostrophe that means text."""
    starts = {raw[:1], label[:1], label.lstrip()[:1]}
    return f"'{label}" if starts & _FORMULA_STARTS else label


def _cell(points: float | None) -> str:
    return "" if points is None else str(float(points))
