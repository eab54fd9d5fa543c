"""What all kinds of submissions look like before anything is read: files with a place, a size, and a way to read them under a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Place = tuple[str, ...]

# Other people's code, other versions, other systems' litter: a `kl.py` in there is not the student's answer.
IGNORED_FOLDERS = frozenset(
    {
        "__MACOSX",
        "__pycache__",
        ".git",
        ".hg",
        ".svn",
        ".idea",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        ".venv",
        ".vscode",
        "node_modules",
        "site-packages",
        "venv",
    }
)

# Why a link is refused, wherever it lies.
LINK = "it is a symbolic link"

# How many more files may lie in folders that are ignored, and how far a folder is searched: so many times the limit on an archive's files.
SEARCH_FACTOR = 10


class Refused(Exception):
    """One file is not taken; the rest is. The text says why, as in 'it is a symbolic link'."""


class Rejected(Exception):
    """Nothing of the entry can be taken. The text is the whole reason, a sentence."""


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file of a submission. `size` is in bytes, as declared; `read(limit)` gives its bytes.

    `read` raises Refused where the file is damaged or, whatever was declared, larger than the limit.
    """

    place: Place
    size: int
    read: Callable[[int], bytes]

    @property
    def name(self) -> str:
        """The file's name, without its folders."""
        return self.place[-1]


@dataclass(slots=True)
class Listing:
    """All files of a submission that are worth a look, its folders, what was refused (place as text, and why), and remarks on the whole."""

    members: list[Member] = field(default_factory=list)
    folders: set[Place] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def is_ignored(folders: Place) -> bool:
    """Whether one of these folders is of those in which no student's answer lies."""
    return not IGNORED_FOLDERS.isdisjoint(folders)


def mebibytes(size: int) -> str:
    """A size in bytes as text, in MiB."""
    return f"{size / 2**20:.3g} MiB"


def too_large(limit: int) -> str:
    """The reason for refusing a file over a limit in bytes."""
    return f"it is larger than {mebibytes(limit)}"
