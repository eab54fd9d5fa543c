"""Ordinary hidden tests, for a course that nbgrader grades by itself: weaker than the grader's checks, and visible to whoever runs them.

They stand in `notebook/hidden.txt`, below a line `### <function>` each, and compare with the solution's formulas at numbers of their own.
"""

from __future__ import annotations

import re

from grader.errors import UnitError
from grader.release.notebooks import CELLS
from grader.unit import Exercise

FILE = CELLS / "hidden.txt"
_HEAD = re.compile(r"^### (\w+)$", re.MULTILINE)


def hidden_tests(exercise: Exercise) -> dict[str, str]:
    """The code that decides about each function of an exercise, by its name.

    Raises:
        UnitError: a function has no test.
    """
    _, *parts = _HEAD.split(FILE.read_text(encoding="utf-8"))
    tests = {name: code.strip() for name, code in zip(parts[::2], parts[1::2], strict=True)}
    for function in exercise.functions:
        if function.name not in tests:
            raise UnitError(f"{FILE}: no test of {function.name!r}; add one below a line '### {function.name}'")
    return {function.name: tests[function.name] for function in exercise.functions}
