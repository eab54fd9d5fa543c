"""One class, taken through the real nbgrader: `course` is autograded by `nbgrader autograde`, `warm_course` by `grade nbgrader autograde`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader_class import CLASS, DEADLINE, FULL, code, hand_in, with_solutions
from nbgrader_commands import ASSIGNMENT, gradebook, notebook, run


def stock_notebook() -> dict[str, Any]:
    """An assignment of the same course that has nothing to do with us."""

    def graded(name: str, source: str, **flags: object) -> dict[str, Any]:
        metadata = {"schema_version": 3, "grade_id": name, "grade": False, "locked": False, "solution": False, "task": False} | flags
        return code(source) | {"id": name, "metadata": {"nbgrader": metadata}}

    cells = [
        graded("answer", "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION", solution=True),
        graded("test", "assert answer == 42", grade=True, locked=True, points=3),
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="session")
def submitted_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which everything is handed in and nothing is graded. Not to be written to."""
    course = tmp_path_factory.mktemp("nbgrader") / "course"
    run("grade", "nbgrader", "init", course)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    (course / "source" / "other").mkdir()
    (course / "source" / "other" / "q1.ipynb").write_text(json.dumps(stock_notebook()))
    for assignment in (ASSIGNMENT, "other"):
        run("nbgrader", "generate_assignment", assignment, cwd=course)
    gradebook(course, "due", ASSIGNMENT, DEADLINE)
    answered = {name: with_solutions(*(notebook(course / step / ASSIGNMENT / f"{name}.ipynb") for step in ("release", "source"))) for name in FULL}
    for name, student in CLASS.items():
        hand_in(name, student, course, answered)
    shutil.copytree(course / "source" / "other", course / "submitted" / "right" / "other")
    return course


@pytest.fixture(scope="session")
def course(submitted_course: Path) -> Path:
    """Autograded by nbgrader's own command."""
    folder = Path(shutil.copytree(submitted_course, submitted_course.parent / "stock" / "course"))
    run("nbgrader", "autograde", ASSIGNMENT, cwd=folder)
    run("nbgrader", "autograde", "other", cwd=folder)
    return folder


@pytest.fixture(scope="session")
def warm_course(submitted_course: Path) -> Path:
    """Autograded by ours."""
    folder = Path(shutil.copytree(submitted_course, submitted_course.parent / "warm" / "course"))
    run("grade", "nbgrader", "autograde", folder)
    return folder
