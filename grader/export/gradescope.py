"""Gradescope: the document `results.json` that an autograder leaves there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from grader.export.request import Export, Request, late, number
from grader.model import CheckResult, Grade, Outcome, Status
from grader.text import printable

MESSAGE_CHARACTERS = 2_000


def export(request: Request) -> Export:
    """One document a submission, called after its result. The grader's own fault gets none: Gradescope then says that the autograder failed."""
    documents = {f"gradescope/{grade.result.file_name}.json": document(request, grade) for grade in request.grades if grade.score is not None}
    faults = tuple(
        f"{printable(grade.result.submission, 120)}: was not judged, so that there is nothing to export"
        for grade in request.grades
        if grade.score is None
    )
    return Export(documents, faults)


def document(request: Request, grade: Grade) -> bytes:
    """One submission's `results.json`. Texts are marked as plain text: nothing of a student's is taken for HTML or Markdown."""
    result = grade.result
    notes = "\n".join(printable(note, MESSAGE_CHARACTERS) for note in (result.message, *result.notes) if note)
    table = {
        "score": request.points(grade),
        "execution_time": round(result.duration_s, 3),
        "output": "\n".join(filter(None, (notes, *_decisions(grade)))),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"bonus": grade.bonus, "judged_score": result.score, "status": result.status.value, "package_version": result.package_version},
        "tests": list(_tests(request, grade)),
    }
    return (json.dumps(table, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")


def _decisions(grade: Grade) -> Iterator[str]:
    for one in grade.adjustments:
        yield f"{one.exercise}: {one.points:+g} points by {one.by}: {one.comment}"
    if grade.lateness:
        yield late(grade.lateness)
    if grade.bonus and grade.result.status is Status.GRADED:
        yield f"Bonus: {number(grade.bonus)} points"


def _tests(request: Request, grade: Grade) -> Iterator[dict[str, Any]]:
    for major, exercise in enumerate(grade.result.exercises, 1):
        for minor, check in enumerate(exercise.checks, 1):
            yield {
                "score": check.points,
                "max_score": check.max_points,
                "status": "passed" if check.outcome is Outcome.PASSED else "failed",
                "name": f"{exercise.name}: {check.name.replace('_', ' ')}",
                "number": f"{major}.{minor}",
                "output": _output(check),
                "tags": [exercise.name, check.function, check.outcome.value, *([check.misconception] if check.misconception else [])],
                "visibility": request.checks.get(check.name, request.checks.get(exercise.name, request.visibility)),
            }


def _output(check: CheckResult) -> str:
    if check.outcome in (Outcome.PASSED, Outcome.FAILED):
        return check.message
    return f"{check.outcome.value.replace('_', ' ')}: {check.message}"
