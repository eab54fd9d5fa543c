"""What the public checks say, for the student who ran them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from grader.text import printable

LINE_CHARACTERS = 300


def show(checks: Sequence[tuple[str, str, str]], console: Console) -> None:
    """Print a line for every exercise, and below it what did not pass.

    Args:
        checks: exercise, name and problem of each check, in order; the problem is empty if it passed.
        console: where to.
    """
    for exercise, group in groupby(checks, key=lambda check: check[0]):
        of_exercise = list(group)
        failed = [(name, problem) for _, name, problem in of_exercise if problem]
        passed = len(of_exercise) - len(failed)
        mark, style = ("✓", "green") if not failed else ("✗", "red")
        console.print(Text(mark, style) + Text(f" {exercise:<14}", "bold") + Text(f"{passed} of {len(of_exercise)} checks pass", "dim"))
        for problem, alike in groupby(failed, key=lambda check: check[1]):
            for name, _ in alike:
                console.print(Text(f"    {printable(name.replace('_', ' '), LINE_CHARACTERS)}", "red"), soft_wrap=True)
            for line in problem.splitlines():
                console.print(Text(f"      {printable(line, LINE_CHARACTERS)}", "dim"), soft_wrap=True)
