"""What belongs into `exercises/`: which files are generated, which are written by hand, and whether the folder is in sync."""

from __future__ import annotations

import json
from pathlib import Path

from grader.errors import UnitError, UsageError
from grader.release import page
from grader.release.figures import figures
from grader.release.handout import anchor, headings, render_handout
from grader.release.handout_html import render_handout_html
from grader.release.stubs import make_stub
from grader.unit import PACKAGE, Unit, current, data_directory

# What running the public checks in the folder leaves behind.
_CACHES = frozenset({"__pycache__", ".pytest_cache"})


def generated_files(unit: Unit, solutions: Path | None = None) -> dict[str, str]:
    """Return the generated part of `exercises/`: the text of each file, by its path inside the folder.

    Raises:
        UnitError: a solution that is no solution, or a contradiction between template and catalogue.
    """
    folder = solutions or data_directory("solutions")
    files = {}
    for exercise in unit.exercises:
        path = folder / f"{exercise.name}.py"
        try:
            solution = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnitError(f"{path}: exercise {exercise.name!r}: its solution cannot be read: {error}") from error
        files[f"{exercise.name}.py"] = make_stub(solution, str(path))
    handout, pictures = render_handout(unit), figures(unit)
    files |= {"README.md": handout, "README.html": render_handout_html(handout, pictures), page.NAME: page.render_page(unit), **pictures}
    return files | {"checks/walk_through.py": _walk_through_module(unit), "checks/tasks.py": _tasks_module(unit, handout)}


def written_files(unit: Unit) -> list[str]:
    """Return the hand-written part of `exercises/`, as paths inside the folder: the public checks and the program that runs them."""
    return ["check.py", "checks/settings.ini", "checks/conftest.py", *(f"checks/test_{exercise.name}.py" for exercise in unit.exercises)]


def write_exercises(directory: Path | None = None) -> list[Path]:
    """Regenerate `exercises/` and return the files that changed.

    Args:
        directory: another folder to write to; by default the clone's.

    Raises:
        UsageError: the package is installed, and there is no clone to write to.
        UnitError: the sources contradict each other.
    """
    folder = directory or data_directory("exercises")
    if folder.is_relative_to(PACKAGE):
        raise UsageError(f"{folder} belongs to the installed package; regenerate the exercises in a clone of the repository")
    changed = []
    for name, text in generated_files(current()).items():
        path = folder / name
        if _text(path) != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def drift(directory: Path | None = None) -> list[str]:
    """Say, one line a file, where `exercises/` is not what its sources make of it; an empty list means in sync.

    Raises:
        UnitError: the sources contradict each other.
    """
    unit = current()
    folder = directory or data_directory("exercises")
    generated = generated_files(unit)
    lines = []
    for name, text in generated.items():
        there = _text(folder / name)
        if there is None:
            lines.append(f"{folder / name}: missing; run `grade release`")
        elif there != text:
            lines.append(f"{folder / name}: differs from what its sources make of it; edit those, then run `grade release`")
    lines += [
        f"{folder / name}: missing; every exercise has public checks, write them" for name in written_files(unit) if _text(folder / name) is None
    ]
    known = {*generated, *written_files(unit)}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and place.as_posix() not in known and not _CACHES.intersection(place.parts):
            lines.append(f"{path}: belongs to no exercise of unit.toml; remove it")
    return lines


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")  # a checkout on Windows is in sync too
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None


def walk_through_constants(unit: Unit) -> dict[str, float]:
    """Return the walk-through's numbers under the names that the public checks use."""
    walk = unit.walk_through
    numbers = {"mu": walk.mu, "sigma": walk.sigma, "epsilon": walk.epsilon, "grad_z": walk.grad_z, "beta": walk.beta}
    # Twelve digits: what a check compares, without the tail that binary fractions leave (-0.09 instead of -0.09000000000000002).
    return {name.upper(): float(f"{value:.12g}") + 0.0 for name, value in (numbers | {"log_var": walk.log_var} | walk.derived()).items()}


def _walk_through_module(unit: Unit) -> str:
    lines = ['"""The numbers of the handout\'s walk-through, one latent dimension."""', ""]
    lines += [f"{name} = {value!r}" for name, value in walk_through_constants(unit).items()]
    return "\n".join(lines) + "\n"


def _tasks_module(unit: Unit, handout: str) -> str:
    sections = {anchor(heading): heading for heading in headings(handout)}
    lines = ['"""What there is to do: for each file its functions, and the section of the handout that each is about."""', "", "TASKS = {"]
    for exercise in unit.exercises:
        lines.append(f"    {_quoted(exercise.name)}: {{")
        lines += [f"        {_quoted(function.name)}: {_quoted(sections[function.handout])}," for function in exercise.functions]
        lines.append("    },")
    bonus = ", ".join(_quoted(exercise.name) for exercise in unit.exercises if exercise.bonus)
    return "\n".join([*lines, "}", f"BONUS = [{bonus}]"]) + "\n"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
