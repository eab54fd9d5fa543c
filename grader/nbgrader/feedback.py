"""What a graded cell shows: the checks of its function, as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from nbformat.notebooknode import NotebookNode

from grader.model import CheckResult, Outcome, Result
from grader.text import printable, printable_lines
from grader.unit import current

SUFFIX = "-checks"
REMARK_CHARACTERS = 500


def function_of(cell: Any) -> str | None:
    """The function that a graded cell of a notebook stands for; None for any other cell."""
    metadata = cell.metadata.get("nbgrader", {})
    name = metadata.get("grade_id", "").removesuffix(SUFFIX)
    is_verdict = metadata.get("grade") and not metadata.get("solution") and metadata["grade_id"].endswith(SUFFIX) and cell.cell_type == "code"
    return name if is_verdict and name in {f.name for exercise in current().exercises for f in exercise.functions} else None


def show(notebook: Any, result: Result, remarks: Sequence[str]) -> None:
    """Give the graded cells of a notebook their outputs: the feedback, and the points as nbgrader notes partial credit.

    So the cell and the gradebook say the same to whoever reads either. Remarks on the whole stand at the first of the cells.
    """
    said = [*remarks, *filter(None, [result.message]), *result.notes]
    for cell in notebook.cells:
        function = function_of(cell)
        if function is None:
            continue
        text = NotebookNode(output_type="stream", name="stdout", text=feedback(result, function, said))
        number = NotebookNode({"text/plain": repr(points(result, function))})
        cell.outputs = [text, NotebookNode(output_type="execute_result", data=number, execution_count=None, metadata=NotebookNode())]
        said = []


def points(result: Result, function: str) -> float:
    """What a function earned."""
    return round(sum(check.points for check in _checks(result, function)), 6)


def feedback(result: Result, function: str, remarks: Sequence[str] = ()) -> str:
    """The text below a graded cell: remarks on the submission, points, and what came of each check.

    Messages are those of the result: they hold no hidden input or expected value, and no control characters.
    """
    checks = _checks(result, function)
    worth = sum(check.max_points for check in checks)
    lines = [f"Note: {printable(remark, REMARK_CHARACTERS)}" for remark in remarks]
    lines += [f"{function}: {points(result, function):g} of {worth:g} points", ""]
    for _, group in groupby(checks, key=_cause):
        alike = list(group)
        lines += [_line(check) for check in alike]
        if alike[0].message:
            message = printable_lines(alike[0].message, current().limits.message_characters)
            lines += [f"    {line}" for line in message.splitlines()]
    return "\n".join(lines) + "\n"


def _checks(result: Result, function: str) -> list[CheckResult]:
    return [check for exercise in result.exercises for check in exercise.checks if check.function == function]


def _cause(check: CheckResult) -> tuple[Outcome, str]:
    """Checks in a row that share it are explained once."""
    return check.outcome, check.misconception or check.message


def _line(check: CheckResult) -> str:
    return f"{check.outcome.value.replace('_', ' '):<16}{check.name:<48}{check.points:>5g} / {check.max_points:g}"
