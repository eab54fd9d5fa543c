"""Runs the public checks, those that students have, on a folder of exercise files, and says what came of them.

Reads the folder and `exercises/checks/`; writes nothing that stays. The code runs as whoever calls this, without a sandbox: it is for students'
own work and for the reference.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from grader.errors import GraderError, UsageError
from grader.unit import Unit, data_directory

MOST_LINES = 6
_SETUP = 'failed on setup with "'
_NOISE = ("Not equal to tolerance", "Mismatch", "Max absolute", "Max relative", "assert ", "+  where", "+    where")


class PublicCheck(NamedTuple):
    """How one public check ended; `problem` is empty if it passed."""

    exercise: str
    name: str
    problem: str = ""


def run(folder: Path, unit: Unit, only: Collection[str] = ()) -> list[PublicCheck]:
    """Run the public checks of the exercises that the folder holds, with pytest in a process of its own.

    Args:
        folder: holds `kl.py` and the like at its top.
        unit: the catalogue.
        only: names of exercises; nothing stands for all that are there.

    Raises:
        UsageError: the folder holds no exercise, or not one that was asked for.
        GraderError: pytest itself failed.
    """
    names = [exercise.name for exercise in unit.exercises]
    for name in only:
        if name not in names:
            raise UsageError(f"there is no exercise {name!r}; the exercises are {', '.join(names)}")
        if not (folder / f"{name}.py").is_file():
            raise UsageError(f"{folder}: holds no {name}.py")
    there = [name for name in names if (folder / f"{name}.py").is_file() and (not only or name in only)]
    if not there:
        raise UsageError(f"{folder}: holds none of {', '.join(f'{name}.py' for name in names)}; go to the folder with your exercises, or name it")
    # The checks make the folder above them importable; a copy of their own keeps the stubs beside the originals out of the way.
    with tempfile.TemporaryDirectory(prefix="public-checks-") as scratch:
        checks = Path(scratch, "checks")
        shutil.copytree(data_directory("exercises") / "checks", checks, ignore=shutil.ignore_patterns("__pycache__"))
        return _read(_pytest([checks / f"test_{name}.py" for name in there], folder.resolve(), Path(scratch, "report.xml")))


def _pytest(files: list[Path], folder: Path, report: Path) -> Path:
    arguments = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        str(files[0].parent),
        "--junitxml",
        str(report),
        "--tb=short",
        *map(str, files),
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(  # noqa: S603  # our own interpreter and files
        [sys.executable, "-m", "pytest", *arguments], cwd=folder, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if not report.is_file():
        raise GraderError(f"pytest could not run the public checks:\n{(done.stdout + done.stderr).strip()[-2000:]}")
    return report


def _read(report: Path) -> list[PublicCheck]:
    found = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314  # written by pytest a moment ago, about the caller's own code
        problems = [child for child in case if child.tag in ("failure", "error")]
        exercise = case.get("classname", "").rpartition(".")[2].removeprefix("test_")
        found.append(PublicCheck(exercise, case.get("name", "").removeprefix("test_"), _problem(problems[0].get("message", "")) if problems else ""))
    return found


def _problem(message: str) -> str:
    """The telling lines of an exception's message, without what pytest and NumPy say around them."""
    message = message.removeprefix("AssertionError: ")
    if message.startswith(_SETUP):
        message = message.removeprefix(_SETUP).removesuffix('"')
    lines = [line.rstrip() for line in message.splitlines() if line.strip() and not line.strip().startswith(_NOISE)]
    return "\n".join(lines[:MOST_LINES]) or "failed"
