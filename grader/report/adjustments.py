"""Points by hand, as a table in the terminal: what was judged, what was changed by whom and why, what it comes to."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from grader.model import Grade
from grader.report.terminal import points
from grader.text import printable

NAME_CHARACTERS = 40
COMMENT_CHARACTERS = 300


def table(grades: Sequence[Grade]) -> Table:
    """A line for each adjustment of these grades; for one that has none, its points alone."""
    rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("submission", "judged", "final"):
        rows.add_column(title, justify="left" if title == "submission" else "right", no_wrap=True)
    for title in ("change", "by", "when", "comment"):
        rows.add_column(title)
    for grade in grades:
        head = [printable(grade.result.submission, NAME_CHARACTERS), points(grade.result.score), points(grade.score)]
        changes = [(f"{one.exercise} {one.points:+g}", one.by, one.time, one.comment) for one in grade.adjustments]
        if grade.lateness:
            changes.append((f"-{100 * grade.lateness.penalty:g} %", "late policy", "", f"{grade.lateness.in_words} late"))
        if len(grades) == 1 and not changes:
            changes.append(("none", "", "", ""))
        for number, change in enumerate(changes):
            cells = [*(head if number == 0 else ["", "", ""]), *(printable(text, COMMENT_CHARACTERS) for text in change)]
            rows.add_row(*map(Text, cells))
    return rows
