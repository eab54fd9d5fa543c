"""Enters stored results of `grade run` into a gradebook."""

from __future__ import annotations

from pathlib import Path

from grader.model import Status
from grader.nbgrader.autograde import Course
from grader.nbgrader.gradebook import record
from grader.results.store import stored_results


def enter(out: Path, course: Course) -> tuple[int, int]:
    """Enter every result of a folder, and return how many were entered and how many left out as faults.

    Raises:
        UsageError: there are no results, or no such assignment.
    """
    results = stored_results(out)
    judged = [result for result in results if result.status is not Status.FAULT]
    with course.gradebook() as gradebook:
        for result in judged:
            gradebook.update_or_create_student(result.submission)
            record(gradebook.update_or_create_submission(course.assignment, result.submission), result, {})
            gradebook.db.commit()
    return len(judged), len(results) - len(judged)
