"""Makes a course folder that nbgrader can work with, or adds this unit to one that is there."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from grader.errors import UsageError
from grader.nbgrader import PIP
from grader.release.figures import figures
from grader.release.notebooks import make_notebook
from grader.unit import Unit, current

CONFIG = "nbgrader_config.py"
HEAD = 'c = get_config()\n\nc.CourseDirectory.course_id = "{course}"\n'
BLOCK = """
# {title}: graded by this package instead of in the student's kernel (`grade nbgrader --help`).
from grader.nbgrader.config import use_grader

use_grader(get_config(), "{assignment}")
"""


def require_nbgrader() -> None:
    """Make nbgrader usable from here.

    Raises:
        UsageError: it is not installed.
    """
    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError(f"nbgrader is not installed; run: {PIP}")
    # A new gradebook is made by calling alembic, which is installed beside this interpreter.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def init(course: Path, assignment: str, *, force: bool = False, plain: bool = False) -> tuple[list[Path], list[Path]]:
    """Write the unit's notebooks and configuration into a course folder, which is made if need be.

    Args:
        course: the folder.
        assignment: what the assignment shall be called there.
        force: overwrite notebooks of this unit that are there.
        plain: notebooks with ordinary hidden tests, for a course whose server can be given no preprocessors; the configuration stays as it is.

    Returns:
        The files written, and those left alone because they were there.

    Raises:
        UsageError: the folder cannot be written, or the assignment's name cannot be one.
    """
    unit = current()
    if not assignment or assignment != Path(assignment).name or assignment.startswith(".") or "+" in assignment:
        raise UsageError(f"{assignment!r} cannot be the name of an assignment; nbgrader names a folder by it, and allows no '+'")
    files = _notebooks(unit, plain=plain) | figures(unit)
    written, kept = [], []
    try:
        source = course / "source" / assignment
        source.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = source / name
            path.parent.mkdir(exist_ok=True)
            if path.exists() and not force:
                kept.append(path)
            else:
                path.write_text(text, encoding="utf-8", newline="\n")
                written.append(path)
        changed = _configure(course, assignment, unit, plain=plain)
        (written if changed else kept).append(course / CONFIG)
    except OSError as error:
        raise UsageError(f"{error.filename or course}: cannot be written ({error.strerror}); name a folder of yours") from error
    return written, kept


def _notebooks(unit: Unit, *, plain: bool) -> dict[str, str]:
    from grader.release.plain_tests import hidden_tests

    return {f"{exercise.name}.ipynb": make_notebook(exercise, unit, hidden_tests(exercise) if plain else None) for exercise in unit.exercises}


def _configure(course: Path, assignment: str, unit: Unit, *, plain: bool) -> bool:
    """Add to the configuration what is not there yet; whether that changed anything."""
    path = course / CONFIG
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    text = before or HEAD.format(course=course.resolve().name.replace("\\", "").replace('"', ""))
    if not plain and f'use_grader(get_config(), "{assignment}")' not in text:
        text = text.rstrip("\n") + "\n" + BLOCK.format(title=unit.title, assignment=assignment)
    if text != before:
        path.write_text(text, encoding="utf-8", newline="\n")
    return text != before
