"""A small class to try the grader on: right work, typical mistakes, and what goes wrong in practice.

Reads the solutions and the stubs; writes a folder of submissions. The mistakes are a table of edits to the solutions, so that no formula stands here
a second time.
"""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UnitError, UsageError
from grader.unit import Unit, data_directory

MARK = ".grade-demo"
# Whose feedback the demo shows.
EXAMPLE = "bela"

Files = Mapping[str, str]
Edit = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Student:
    """A name, how the work is handed in, and what is changed in which exercise of the right work."""

    name: str
    hand_in: Callable[[Path, Files], None]
    edits: tuple[Edit, ...] = ()
    only: tuple[str, ...] = ()


def build_class(folder: Path, unit: Unit) -> Path:
    """Write the class and return its folder of submissions.

    Raises:
        UsageError: the folder holds something else, or cannot be written.
        UnitError: an edit no longer fits the solution it was made for.
    """
    work = {student: _work(student, unit) for student in STUDENTS}
    submissions = folder / "submissions"
    try:
        if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
            raise UsageError(f"{folder}: holds something else; name a new folder for the demo")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
        if submissions.exists():
            shutil.rmtree(submissions)
        submissions.mkdir()
        for student, files in work.items():
            student.hand_in(submissions / student.name, files)
        _as_folder(submissions / "hana", _texts(data_directory("exercises"), unit))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror}); name another folder") from error
    return submissions


def _work(student: _Student, unit: Unit) -> Files:
    files = _texts(data_directory("solutions"), unit)
    for exercise, right, wrong in student.edits:
        if right not in files[f"{exercise}.py"]:
            raise UnitError(f"{__file__}: the demo's student {student.name!r} changes {right!r}, which {exercise}.py no longer holds; adapt the edit")
        files[f"{exercise}.py"] = files[f"{exercise}.py"].replace(right, wrong, 1)
    return {name: text for name, text in files.items() if not student.only or name.removesuffix(".py") in student.only}


def _texts(folder: Path, unit: Unit) -> dict[str, str]:
    return {f"{exercise.name}.py": (folder / f"{exercise.name}.py").read_text(encoding="utf-8") for exercise in unit.exercises}


def _as_folder(place: Path, files: Files) -> None:
    place.mkdir()
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")


def _as_zip(place: Path, files: Files) -> None:
    with zipfile.ZipFile(place.with_name(f"{place.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{place.name}/{name}", text)


def _as_tar(place: Path, files: Files) -> None:
    with tarfile.open(place.with_name(f"{place.name}.tar.gz"), "w:gz") as archive:
        for name, text in files.items():
            content = text.encode()
            member = tarfile.TarInfo(f"{place.name}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def _as_notebooks(place: Path, files: Files) -> None:
    place.mkdir()
    for name, text in files.items():
        scratch = "%matplotlib inline\nthis_name_is_not_defined + 1"
        cells = [_cell("markdown", f"# {name.removesuffix('.py')}"), _cell("code", scratch), _cell("code", text)]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (place / name).with_suffix(".ipynb").write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def _cell(kind: str, source: str) -> dict[str, object]:
    cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source}
    return cell if kind == "markdown" else cell | {"outputs": [], "execution_count": None}


STUDENTS = (
    _Student("ada", _as_folder),
    _Student(
        "bela",
        _as_folder,
        (
            ("sampler", "return mu + sigma * epsilon", "return mu + sigma**2 * epsilon"),
            ("kl", "sigma - 1.0 / sigma", "sigma"),
        ),
    ),
    _Student("chen", _as_folder, (("sampler", "rng.standard_normal(shape)", "rng.standard_normal(shape[-1:])"),)),
    _Student("dana", _as_zip, (("backward", "return grad_z, grad_z * epsilon, None", "return grad_z, grad_z, None"),)),
    _Student("emil", _as_folder, (("inverse_cdf", "return -np.log1p(-u) / rate", "return -np.log1p(-u / rate"),)),
    _Student("fara", _as_folder, (("encoder", "mu = x @ w_mu\n", "import ctypes; ctypes.string_at(0)\n    mu = x @ w_mu\n"),)),
    _Student("gil", _as_folder, (("inverse_cdf", "tail = np.minimum(u, 1.0 - u)", "while True:\n        tail = np.minimum(u, 1.0 - u)"),)),
    _Student("ivan", _as_notebooks),
    _Student("kim", _as_tar, (("kl", "0.5 * np.expm1(log_var)", "np.expm1(log_var)"),)),
    _Student("lena", _as_folder, only=("sampler", "kl")),
    _Student("mo", _as_folder, only=("nothing",)),
    # What spreadsheets would execute, and terminals obey.
    _Student("=1+1\x1b[31m", _as_folder, only=("kl",)),
)
