"""Builds the folder a student gets: stubs, notebooks, handout, public checks, requirements and a first page.

Nothing leaves before it is proven clean.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from grader.errors import UnitError, UsageError
from grader.release.generation import generated_files, written_files
from grader.release.handout import render
from grader.release.notebooks import make_kit_notebook
from grader.release.proof import leaks
from grader.unit import Unit, current, data_directory

DISTRIBUTION = "reparam-exercises"
# What the exercises and the public checks import; the versions are those of this package.
_STUDENT_NEEDS = ("numpy", "pytest", "torch")
_UNIX = 3  # the system whose permissions a ZIP member carries


def build_kit(destination: Path) -> list[Path]:
    """Write the student kit, as a folder and as `<folder>.zip` beside it, and return the files: those of the folder, then the archive.

    Args:
        destination: a folder that is empty or does not exist yet.

    Raises:
        UsageError: the destination is not empty, the archive exists already, or one of them cannot be written.
        UnitError: the kit would give away a solution or a hidden check; nothing has been written then.
    """
    unit = current()
    files = kit_files(unit)
    if found := leaks(files, unit):
        raise UnitError("the student kit would give something away; nothing was written:\n" + "\n".join(found))
    folder = destination.resolve()
    archive = folder.with_name(f"{folder.name}.zip")
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise UsageError(f"{destination}: is not empty; name a new folder for the student kit")
        if archive.exists():
            raise UsageError(f"{archive}: exists already; remove it, or name another folder for the student kit")
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        archive.write_bytes(packed(files, folder.name))
    except OSError as error:
        raise UsageError(f"{destination}: cannot be written: {error.strerror}") from error
    return [*(folder / name for name in files), archive]


def kit_files(unit: Unit) -> dict[str, str]:
    """Return the text of every file of the kit, by its path inside it. Whatever else students shall get is added here."""
    folder = data_directory("exercises")
    files = {"START_HERE.md": render("start_here.md", unit), "requirements.txt": _requirements()}
    files |= generated_files(unit)
    files |= {f"notebooks/{exercise.name}.ipynb": make_kit_notebook(exercise, unit) for exercise in unit.exercises}
    files |= {name: _read(folder / name) for name in written_files(unit)}
    return files


def packed(files: Mapping[str, str], folder: str) -> bytes:
    """Return a ZIP archive that unpacks into one folder; the same files make the same bytes, on every machine and on every day."""
    buffer = io.BytesIO()
    # Stored, not deflated: two versions of zlib may compress the same text differently.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in sorted(files.items()):
            member = zipfile.ZipInfo(f"{folder}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = _UNIX, 0o644 << 16
            archive.writestr(member, text.encode("utf-8"))
    return buffer.getvalue()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnitError(f"{path}: the public checks cannot be read: {error}") from error


def _requirements() -> str:
    try:
        declared = requires(DISTRIBUTION) or []
    except PackageNotFoundError as error:
        raise UsageError(f"{DISTRIBUTION} is not installed, so its requirements are unknown; run `pip install -e .` in the clone") from error
    return "".join(f"{line}\n" for line in sorted(declared) if re.split(r"[^\w.-]", line, maxsplit=1)[0] in _STUDENT_NEEDS)
