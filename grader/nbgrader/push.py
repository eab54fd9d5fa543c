"""Enters stored results of `grade run` into a gradebook."""

from __future__ import annotations

from pathlib import Path

from grader.model import Status
from grader.nbgrader.autograde import Course
from grader.nbgrader.gradebook import record
from grader.results.store import stored_result, stored_rows
from grader.unit import current


def enter(out: Path, course: Course) -> tuple[int, int]:
    """Enter every result of a folder, and return how many were entered and how many left out as faults.

    Raises:
        UsageError: there are no results, or no such assignment.
    """
    rows = stored_rows(out, current())
    entered = 0
    with course.gradebook() as gradebook:
        for row in rows:
            if row.status is not Status.FAULT:
                gradebook.update_or_create_student(row.submission)
                submission = gradebook.update_or_create_submission(course.assignment, row.submission)
                record(submission, stored_result(out, row.file_name, current()), {})
                gradebook.db.commit()
                entered += 1
    return entered, len(rows) - entered
