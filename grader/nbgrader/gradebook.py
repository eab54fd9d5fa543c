"""Writes results into a gradebook, through nbgrader's own objects: for `nbgrader autograde`, for a class at once, and for `push`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbgrader.utils import compute_checksum, determine_grade, is_solution

from grader.model import Result
from grader.nbgrader.feedback import SUFFIX, points

NO_RESPONSE = "No response."  # nbgrader's own words


def record(submission: Any, result: Result, shown: Mapping[str, Any]) -> None:
    """Enter the points of a result. The caller commits.

    What a teacher entered stays: manual scores, comments, extra credit. A cell with a manual score is marked for review if its points changed.

    Args:
        submission: nbgrader's `SubmittedAssignment`.
        result: every function it judged is entered, whether or not its notebook was handed in.
        shown: the autograded notebooks by name, whose other cells (a teacher's own, unanswered ones) are treated as nbgrader does.
    """
    judged = {f"{check.function}{SUFFIX}": check.function for exercise in result.exercises for check in exercise.checks}
    for notebook in submission.notebooks:
        cells = _cells(shown.get(notebook.name))
        for grade in notebook.grades:
            if grade.name in judged:
                _enter(grade, points(result, judged[grade.name]))
            elif grade.name in cells:
                # A graded cell of the teacher's own has no verdict: it waits for the teacher, where nbgrader would take silence for success.
                cell = cells[grade.name]
                _enter(grade, determine_grade(cell)[0] if is_solution(cell) else None)
        for comment in notebook.comments:
            if comment.name in cells:
                cell = cells[comment.name]
                comment.auto_comment = NO_RESPONSE if cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) else None


def _enter(grade: Any, score: float | None) -> None:
    if score is None:
        grade.needs_manual_grade = grade.needs_manual_grade or grade.manual_score is None
    elif grade.auto_score != score:
        grade.needs_manual_grade = grade.manual_score is not None
    elif grade.manual_score is None:
        grade.needs_manual_grade = False
    grade.auto_score = score


def _cells(notebook: Any) -> dict[str, Any]:
    """The cells that nbgrader keeps account of, by their ids."""
    found = [] if notebook is None else [cell for cell in notebook.cells if "grade_id" in cell.metadata.get("nbgrader", {})]
    return {cell.metadata.nbgrader["grade_id"]: cell for cell in found}
