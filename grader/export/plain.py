"""The class as CSV and JSON: final points beside those that were judged, for a spreadsheet or a script of one's own."""

from __future__ import annotations

import json
from typing import Any

from grader.export.request import Export, Request, number
from grader.export.tables import write
from grader.model import Grade

HEADER = ("submission", "names", "ids", "score", "judged_score", "max_score", "bonus", "adjusted", "late_days", "late_penalty", "status")


def as_csv(request: Request) -> Export:
    """One row a submission."""
    names = [exercise.name for exercise in request.unit.exercises]
    rows = []
    for grade in request.grades:
        result, people, points = grade.result, grade.origin.people, grade.exercises
        late = (str(grade.lateness.days), number(grade.lateness.penalty)) if grade.lateness else ("0", "0")
        rows.append(
            [
                result.submission,
                "; ".join(person.name for person in people),
                "; ".join(f"{kind}:{value}" for person in people for kind, value in person.ids.items()),
                *map(number, (request.points(grade), result.score, request.out_of or grade.max_score, grade.bonus)),
                number(sum(adjustment.points for adjustment in grade.adjustments)),
                *late,
                result.status.value,
                *(number(points.get(name)) for name in names),
            ]
        )
    return Export({"grades-final.csv": write([*HEADER, *names], rows)})


def as_json(request: Request) -> Export:
    """Everything that is stored of the class, in one document."""
    table = {"schema": 1, "unit": request.unit.name, "grades": [_table(request, grade) for grade in request.grades]}
    return Export({"grades-final.json": (json.dumps(table, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")})


def _table(request: Request, grade: Grade) -> dict[str, Any]:
    result, points = grade.result, grade.exercises
    return {
        "submission": result.submission,
        "people": [{"name": person.name, "ids": dict(person.ids)} for person in grade.origin.people],
        "submitted": grade.origin.submitted.isoformat() if grade.origin.submitted else None,
        "status": result.status.value,
        "score": request.points(grade),
        "judged_score": result.score,
        "max_score": request.out_of or grade.max_score,
        "bonus": grade.bonus,
        "late": {"days": grade.lateness.days, "penalty": grade.lateness.penalty} if grade.lateness else None,
        "adjustments": [
            {"exercise": one.exercise, "points": one.points, "comment": one.comment, "by": one.by, "time": one.time} for one in grade.adjustments
        ],
        "exercises": {
            exercise.name: {
                "score": points[exercise.name],
                "judged_score": exercise.score,
                "max_score": exercise.max_score,
                "checks": {check.name: {"outcome": check.outcome.value, "misconception": check.misconception} for check in exercise.checks},
            }
            for exercise in result.exercises
        },
    }
