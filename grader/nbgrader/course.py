"""Makes a course folder that nbgrader can work with, or adds this unit to one that is there."""

from __future__ import annotations

import ast
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
# nbgrader finds an assignment by its folder's name: part of a file pattern, of a line on its command line, and of the exchange's folder names.
NOT_IN_NAMES = frozenset("+*?[")
LONGEST_NAME = 255  # bytes, in the file systems of today
# Names stand in it as Python's own literals, in ASCII: nbgrader goes on without a configuration that it cannot read, and then runs notebooks itself.
HEAD = "c = get_config()\n\nc.CourseDirectory.course_id = {course!a}\n"
BLOCK = """
# {title}: graded by this package instead of in the student's kernel (`grade nbgrader --help`).
from grader.nbgrader.config import use_grader

use_grader(get_config(), {assignment!a})
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
        UsageError: the folder cannot be written, the configuration that is there cannot be read, or the assignment's name cannot be one.
    """
    unit = current()
    _demand_name(assignment)
    files = _notebooks(unit, plain=plain) | figures(unit)
    written, kept = [], []
    try:
        before, after = _configuration(course, assignment, unit, plain=plain)
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
        if after != before:
            (course / CONFIG).write_bytes(after)
        (kept if after == before else written).append(course / CONFIG)
    except OSError as error:
        raise UsageError(f"{error.filename or course}: cannot be written ({error.strerror}); name a folder of yours") from error
    return written, kept


def _demand_name(assignment: str) -> None:
    is_folder = assignment == Path(assignment).name and not assignment.startswith(".") and assignment.isprintable()
    if not is_folder or not assignment or len(assignment.encode()) > LONGEST_NAME:
        raise UsageError(f"{assignment!r} cannot be the name of an assignment; nbgrader names a folder by it: give it a plain word")
    if assignment != assignment.strip() or assignment.startswith("-") or NOT_IN_NAMES & set(assignment):
        raise UsageError(
            f"{assignment!r} cannot be the name of an assignment; nbgrader allows no '+', '*', '?' or '[' in it, no '-' in front, no blanks around it"
        )


def _notebooks(unit: Unit, *, plain: bool) -> dict[str, str]:
    from grader.release.plain_tests import hidden_tests

    return {f"{exercise.name}.ipynb": make_notebook(exercise, unit, hidden_tests(exercise) if plain else None) for exercise in unit.exercises}


def _configuration(course: Path, assignment: str, unit: Unit, *, plain: bool) -> tuple[bytes, bytes]:
    """The configuration as it is, empty where there is none, and as it shall be, with what is not there yet."""
    path = course / CONFIG
    before = path.read_bytes() if path.exists() else b""
    after = before or HEAD.format(course=course.resolve().name).encode()
    if plain:
        return before, after
    try:
        configured = _configured(ast.parse(before, CONFIG))
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{path}: is not valid Python: {error}; mend it, then run the same command again") from error
    if assignment not in configured:
        after = after.rstrip(b"\r\n") + b"\n" + BLOCK.format(title=unit.title, assignment=assignment).encode()
    return before, after


def _configured(config: ast.Module) -> set[object]:
    """What is handed to `use_grader` by the statements of a configuration; one that merely may be carried out does not count."""
    calls = [statement.value for statement in config.body if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)]
    ours = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "use_grader"]
    handed = [value for call in ours for value in (*call.args, *(keyword.value for keyword in call.keywords))]
    return {value.value for value in handed if isinstance(value, ast.Constant)}
