"""The known mistakes of a class, or of one submission, as a table in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from grader.model import Grade
from grader.report.classroom import classroom
from grader.text import printable
from grader.unit import Unit

SENTENCE_CHARACTERS = 500


def table(grades: Sequence[Grade], unit: Unit, sentences: Mapping[str, tuple[str, str]]) -> Table:
    """A line a mistake, most frequent first: how many made it, where, and what to say. `sentences` as in `classroom`."""
    room = classroom(grades, unit, sentences)
    rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    rows.add_column("students", justify="right", no_wrap=True)
    rows.add_column("share", justify="right", no_wrap=True)
    rows.add_column("function", no_wrap=True)
    rows.add_column("mistake", ratio=1)
    for mistake in room.mistakes:
        says = Text(printable(f"{mistake.says} {mistake.look}", SENTENCE_CHARACTERS)) + Text(f"  [{printable(mistake.id, 80)}]", "dim cyan")
        functions = Text("\n".join(printable(name, 80) for name in mistake.functions))
        rows.add_row(Text(str(mistake.count)), Text(f"{100 * mistake.share:.0f} %"), functions, says)
    return rows
