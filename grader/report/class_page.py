"""The class report: a page, and the same numbers as JSON and CSV. Reads grades; runs nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from grader.model import Grade
from grader.report import pages
from grader.report.classroom import BINS, Classroom, Distribution, classroom
from grader.unit import Unit


def files(grades: Sequence[Grade], unit: Unit, sentences: Mapping[str, tuple[str, str]], written: Collection[str]) -> dict[str, bytes]:
    """`report.html`, `report.json` and `report.csv` (the checks, one a row), by name.

    Args:
        grades: as stored.
        unit: the catalogue.
        sentences: as in `classroom`.
        written: the file names of those who have a feedback page to link to.
    """
    room = classroom(grades, unit, sentences)
    page = pages.render("class.html", "class.js", room=room, unit=unit, written=written, bins=BINS, highest=_highest)
    return {"report.html": page, "report.json": _json(room, unit), "report.csv": _csv(room)}


def _highest(distribution: Distribution) -> int:
    """How many submissions the highest bar stands for."""
    return max(*distribution.counts, 1)


def _json(room: Classroom, unit: Unit) -> bytes:
    table: dict[str, Any] = {
        "schema": 1,
        "unit": unit.name,
        "submissions": dict(room.statuses),
        "distributions": {
            one.name: {
                "max_score": one.max_score,
                "mean": round(one.mean, 4),
                "median": one.median,
                "standard_deviation": round(one.deviation, 4),
                "full": one.full,
                "none": one.none,
                "counts": list(one.counts),
            }
            for one in (room.total, *room.exercises)
        },
        "checks": [
            {
                "exercise": item.exercise,
                "name": item.name,
                "points": item.points,
                "passed": item.passed,
                "judged": item.judged,
                "difficulty": round(item.difficulty, 4),
                "discrimination": None if item.discrimination is None else round(item.discrimination, 4),
                "fails_together_with": list(item.together),
                "outcomes": dict(item.outcomes),
            }
            for item in room.items
        ],
        "misconceptions": [
            {"id": one.id, "count": one.count, "share": round(one.share, 4), "functions": list(one.functions), "says": one.says, "look": one.look}
            for one in room.mistakes
        ],
        "look_at": [{"submission": one.submission, "reasons": list(one.reasons)} for one in room.concerns],
        "students": [
            {
                "submission": grade.result.submission,
                "status": grade.result.status.value,
                "score": grade.score,
                "bonus": grade.bonus,
                **grade.exercises,
            }
            for grade in room.grades
        ],
    }
    return (json.dumps(table, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")


def _csv(room: Classroom) -> bytes:
    """The item analysis. Everything in it is the catalogue's own."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["exercise", "check", "points", "passed", "judged", "difficulty", "discrimination", "fails_together_with"])
    for item in room.items:
        discrimination = "" if item.discrimination is None else f"{item.discrimination:.4f}"
        numbers = (f"{item.points:g}", item.passed, item.judged, f"{item.difficulty:.4f}", discrimination)
        writer.writerow([item.exercise, item.name, *numbers, " ".join(item.together)])
    return text.getvalue().encode()
