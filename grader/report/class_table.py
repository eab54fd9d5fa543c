"""A class as a table: a line a submission, a column an exercise, the mean below."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from rich.table import Table
from rich.text import Text

from grader.model import Row, Status
from grader.report.terminal import STATUS_STYLES, points
from grader.text import printable
from grader.unit import Unit

NAME_CHARACTERS = 40


def class_table(rows: Sequence[Row], unit: Unit, everyone: Sequence[Row] | None = None) -> Table:
    """The table of these rows. `everyone` is whom the mean is taken over, where only a part of the class is shown."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_footer=True, header_style="bold", footer_style="dim")
    counted = [row for row in (everyone or rows) if row.status is not Status.FAULT]
    worth = sum(exercise.points for exercise in unit.exercises if not exercise.bonus)
    table.add_column("submission", Text("mean"), overflow="ellipsis", no_wrap=True, ratio=1, max_width=NAME_CHARACTERS)
    table.add_column(f"score\n/{points(worth)}", _mean([row.score for row in counted]), justify="right", no_wrap=True)
    for exercise in unit.exercises:
        mean = _mean([row.exercises.get(exercise.name) for row in counted])
        table.add_column(f"{exercise.name}\n{'+' if exercise.bonus else '/'}{points(exercise.points)}", mean, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in rows:
        cells = [_score(row.exercises.get(exercise.name), exercise.points) for exercise in unit.exercises]
        table.add_row(_name(row), _score(row.score, row.max_score), *cells, Text(row.status.value, STATUS_STYLES[row.status]))
    return table


def _name(row: Row) -> Text:
    return Text(printable(row.submission, NAME_CHARACTERS))


def _score(score: float | None, worth: float) -> Text:
    """Green for all there was to get, dim red for nothing; a dot where nothing was judged."""
    if score is None:
        return Text("·", "dim")
    style = "green" if score >= worth else "red" if score == 0 else "yellow"
    return Text(points(score), style)


def _mean(scores: Sequence[float | None]) -> str:
    there = [score for score in scores if score is not None]
    return f"{fmean(there):.1f}" if there else ""
