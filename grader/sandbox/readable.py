"""Which files a child may read: Python, its installed packages and the system's shared libraries, and nothing else.

Students import lazily (scipy, statistics, a submodule of torch), so the files of the installation stay readable. The grader's own package is
taken out wherever something of it is installed, since a wheel holds the hidden checks and solutions; so is its metadata, which tells where a clone
lies. Of `sys.path` only the standard library and directories named site-packages or dist-packages count: an editable installation puts the
repository itself there.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
DISTRIBUTION = "reparam_exercises"

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_FILES = ("/etc/ld.so.cache", "/usr/share/zoneinfo")
DEVICES = (Path("/dev/null"), Path("/dev/urandom"))
WRITABLE = (Path("/dev/null"),)  # open(os.devnull, "w") is an honest way to silence a print


@dataclass(frozen=True, slots=True)
class Readable:
    """`trees`: files and directories as they are named, readable with all beneath them but `hidden`, which holds real paths."""

    trees: tuple[Path, ...]
    hidden: tuple[Path, ...]

    def exact(self) -> tuple[list[Path], list[Path]]:
        """The same without exceptions: paths readable as a whole, and the directories that were opened up to leave something out."""
        whole: dict[Path, None] = {}
        opened: dict[Path, None] = {}
        for tree in self.trees:
            self._split(tree.resolve(), whole, opened)
        return list(whole), list(opened)

    def _split(self, path: Path, whole: dict[Path, None], opened: dict[Path, None]) -> None:
        if path in self.hidden or path in whole or path in opened:
            return
        if not any(hidden.is_relative_to(path) for hidden in self.hidden):
            whole[path] = None
            return
        opened[path] = None
        with os.scandir(path) as entries:
            # What a symbolic link leads to is readable only if it is so by itself.
            below = sorted(entry.name for entry in entries if not entry.is_symlink())
        for name in below:
            self._split(path / name, whole, opened)


def find() -> Readable:
    """What Python needs on this machine, found from the running interpreter."""
    sites = [Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages") and Path(entry).is_dir()]
    prefix = Path(sys.base_prefix)
    trees = [
        *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")),
        *sites,
        prefix / "lib",
        prefix / "lib64",
        *map(Path, _LIBRARIES + _FILES),
    ]
    existing = tuple(dict.fromkeys(path for path in trees if path.exists()))
    return Readable(existing, tuple(dict.fromkeys(_hidden(existing, sites))))


def _hidden(trees: tuple[Path, ...], sites: list[Path]) -> Iterator[Path]:
    yield PACKAGE
    used = {site.resolve() for site in sites}
    if PACKAGE.parent not in used:
        yield PACKAGE.parent
    for site in used:
        yield from (entry.resolve() for entry in site.iterdir() if _is_ours(entry))
    # The packages of another interpreter are none of this one's business, and may hold a grader of their own.
    for tree in trees:
        for packages in (*tree.glob("*-packages"), *tree.glob("python*/*-packages")):
            if packages.resolve() not in used:
                yield packages.resolve()


def _is_ours(entry: Path) -> bool:
    """Whether something in site-packages is the grader, or what some installation of it has left there under whatever name.

    An editable installation has the package elsewhere, and yet puts a copy of its data, the solutions among it, under its name here. Pip renames
    what it removes (`~rader`), and leaves that behind when it is interrupted.
    """
    named = entry.name == PACKAGE.name or entry.name.startswith(("~", "-")) or DISTRIBUTION in entry.name
    return named or (entry / "unit.toml").exists() or (entry / "data" / "solutions").exists()
