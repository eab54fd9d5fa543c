"""The class with final points: results, adjustments, the course's rules and what is known of each submission, brought together."""

from __future__ import annotations

from pathlib import Path

from grader.model import Grade, Origin
from grader.results import adjustments, course
from grader.results.document import max_score
from grader.results.store import stored_origins, stored_results
from grader.unit import Unit


def grades(out: Path, unit: Unit) -> list[Grade]:
    """The class as it stands in a folder, by name.

    Raises:
        UsageError: the folder holds no results, or a file that staff wrote cannot be understood.
    """
    rules = course.load(out / course.COURSE_FILE)
    made = adjustments.standing(out)
    known = stored_origins(out)
    book = []
    for result in stored_results(out):
        origin = known.get(result.file_name, Origin())
        own = tuple(one for one in made if one.submission == result.file_name)
        late = rules.late.lateness(result, origin) if rules.late else None
        book.append(Grade(result, max_score(result, unit), origin, own, late))
    return book
