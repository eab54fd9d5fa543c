"""Builds the folder a student gets: stubs, handout, public checks, requirements and a first page. Nothing leaves before it is proven clean."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from grader.errors import UnitError, UsageError
from grader.release.generation import generated_files, written_files
from grader.release.handout import render
from grader.release.proof import leaks
from grader.unit import Unit, current, data_directory

DISTRIBUTION = "reparam-exercises"
# What the exercises and the public checks import; the versions are those of this package.
_STUDENT_NEEDS = ("numpy", "pytest", "torch")


def build_kit(destination: Path) -> list[Path]:
    """Write the student kit and return its files.

    Args:
        destination: a folder that is empty or does not exist yet.

    Raises:
        UsageError: the destination is not empty, is no folder, or cannot be written.
        UnitError: the kit would give away a solution or a hidden check; nothing has been written then.
    """
    unit = current()
    files = kit_files(unit)
    if found := leaks(files, unit):
        raise UnitError("the student kit would give something away; nothing was written:\n" + "\n".join(found))
    try:
        if destination.is_dir() and any(destination.iterdir()):
            raise UsageError(f"{destination}: is not empty; name a new folder for the student kit")
        for name, text in files.items():
            path = destination / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{destination}: cannot be written: {error.strerror}") from error
    return [destination / name for name in files]


def kit_files(unit: Unit) -> dict[str, str]:
    """Return the text of every file of the kit, by its path inside it."""
    files = {"START_HERE.md": render("start_here.md", unit), "requirements.txt": _requirements()}
    files |= generated_files(unit)
    folder = data_directory("exercises")
    for name in written_files(unit):
        try:
            files[name] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnitError(f"{folder / name}: the public checks cannot be read: {error}") from error
    return files


def _requirements() -> str:
    try:
        declared = requires(DISTRIBUTION) or []
    except PackageNotFoundError as error:
        raise UsageError(f"{DISTRIBUTION} is not installed, so its requirements are unknown; run `pip install -e .` in the clone") from error
    return "".join(f"{line}\n" for line in sorted(declared) if re.split(r"[^\w.-]", line, maxsplit=1)[0] in _STUDENT_NEEDS)
