"""Finds the submissions in a folder: one entry is one submission and gets exactly one result.

Reads the names and kinds of a folder's entries; opens none of them.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UsageError
from grader.intake.names import file_names
from grader.model import Origin

ARCHIVE_SUFFIXES = (".tar.gz", ".tgz", ".tar", ".zip")

# What operating systems and version control leave lying about. Any other entry is somebody's work until `read` says otherwise.
_LITTER = frozenset(
    {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", ".git", ".gitignore", ".gitattributes", ".gitkeep", ".ipynb_checkpoints", "__pycache__"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission, not yet opened.

    `path` leads to it (raw, so possibly with surrogate escapes). `name` is what it is called, as text: an archive loses its suffix unless
    another entry has that name; bytes that are no text show as backslash escapes. `file_name` is the stem of its result file, safe and unique.
    Where files of several students lie in one folder, `parts` are those of this one: the name each had, and where it is. `origin` and `notes` are
    what the layout of the folder tells.
    """

    path: Path
    name: str
    file_name: str
    parts: tuple[tuple[str, Path], ...] = ()
    origin: Origin = field(default_factory=Origin)
    notes: tuple[str, ...] = ()


def entries(folder: Path) -> list[Entry]:
    """The submissions in a folder, in the order of their raw names: folders, archives, and what cannot be either (`read` will reject it).

    Raises:
        UsageError: the folder does not exist, is no folder, cannot be listed, or holds no entry.
    """
    kinds = listed(folder)
    names = list(kinds)
    wishes = {name: as_text(_stem(name) if kinds[name] else name) for name in names}
    # Of `s02` and `s02.zip` the folder keeps the plain name.
    order = sorted(names, key=lambda name: (wishes[name] != as_text(name), os.fsencode(name)))
    assigned = dict(zip(order, file_names([(wishes[name], os.fsencode(name)) for name in order]), strict=True))
    shared = Counter(wishes.values())
    return [Entry(folder / name, wishes[name] if shared[wishes[name]] == 1 else as_text(name), assigned[name]) for name in names]


def listed(folder: Path) -> dict[str, bool]:
    """The raw names in a folder that may be somebody's work, in their order, and whether each is a file. Raises as `entries` does."""
    try:
        with os.scandir(folder) as found:
            kinds = {entry.name: entry.is_file(follow_symlinks=False) for entry in found}
    except OSError as error:
        raise UsageError(f"{folder}: cannot be listed as a folder of submissions ({error.strerror}); name a folder that you can read") from error
    names = sorted((name for name, is_file in kinds.items() if not _is_litter(name, is_file, kinds)), key=os.fsencode)
    if not names:
        raise UsageError(f"{folder}: holds no submission; name the folder that holds one folder or archive per submission")
    return {name: kinds[name] for name in names}


def is_archive(name: str) -> bool:
    """Whether a file of this name claims to be an archive that can be read."""
    return _stem(name) != name


def _stem(name: str) -> str:
    for suffix in ARCHIVE_SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def _is_litter(name: str, is_file: bool, beside: dict[str, bool]) -> bool:
    """Whether no student made it. A file `._x` beside an `x` holds attributes that macOS keeps; without such an `x` it may be somebody's work."""
    return name in _LITTER or (is_file and name.startswith("._") and name[2:] in beside)


def as_text(name: str) -> str:
    """A raw name as text."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
