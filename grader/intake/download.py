"""Takes a class that is still in the `.zip` an LMS delivers, by unpacking it into a scratch folder that goes away again.

Names, sizes and compression are as hostile as in a submission's own archive, so the same reader lists them, and each file is refused for the same
reasons. What is refused one by one costs that file; what makes the whole archive doubtful stops the run. Archives of students inside it stay what
they are: `submission` reads them later, under its own limits.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.errors import GraderError, UsageError
from grader.intake import archive, folder, zip_archive
from grader.intake.choice import shown
from grader.intake.entries import is_archive, listed
from grader.intake.layouts import detect
from grader.intake.members import LINK, Listing, Member, Place, Refused, Rejected
from grader.unit import Limits

CLASS_BYTES = 4 * 2**30
CLASS_MEMBERS = 100_000
# One student's file of zeros must not keep a class from being graded. Bounds on the total and on every file hold it.
_ANY_RATIO = CLASS_BYTES

_PREFIX = "grade-submissions-"
# A scratch folder this young may belong to a run that has not locked it yet.
_YOUNG_SECONDS = 60.0

# A name that no file can have here, or not beside the others.
_IMPOSSIBLE = frozenset({errno.ENAMETOOLONG, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EILSEQ, errno.EINVAL})
_NAME_REFUSED = "no file can have its name, or another one has it"


@dataclass(frozen=True, slots=True)
class Download:
    """Where the submissions lie, and what there is to say of the way there: one line for every file that was refused."""

    folder: Path
    remarks: tuple[str, ...] = ()


@contextmanager
def opened(submissions: Path, limits: Limits) -> Iterator[Download]:
    """Give the folder of submissions: the one that was named, or what a `.zip` unpacks to, for as long as the context lasts.

    Raises:
        UsageError: it is a file but no `.zip`, or one that cannot be read or unpacks to more than any class. One raised within the context about the
            folder is raised about the `.zip`, which is what was named.
        GraderError: the scratch folder cannot be written.
    """
    _sweep()
    if not submissions.is_file():
        yield Download(submissions)
        return
    with _scratch() as scratch, _locked(Path(scratch)):
        # Called like the folder that others would unpack to: a layout may go by that.
        unpacked = Path(scratch, submissions.stem)
        unpacked.mkdir()
        remarks = _unpack(_listing(submissions, limits), unpacked, limits.archive_bytes)
        try:
            yield Download(_class_folder(unpacked), remarks)
        except UsageError as problem:
            raise UsageError(str(problem).replace(str(unpacked), str(submissions))) from problem


def _scratch() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix=_PREFIX)
    except OSError as error:
        raise GraderError(f"{error.strerror}; make room, or let TMPDIR name a folder that can be written to") from error


def _sweep() -> None:
    """Remove what runs left behind that were killed. A run that lives holds a lock on its scratch folder."""
    left: list[Path] = []
    # What cannot be removed, for whatever reason, is no reason not to grade.
    with suppress(OSError):
        left = list(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))
    for path in left:
        with suppress(Exception):
            status = path.lstat()
            if status.st_uid == os.geteuid() and time.time() - status.st_mtime > _YOUNG_SECONDS:
                with _locked(path):
                    shutil.rmtree(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, which ends with this process at the latest. Raises OSError where another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _listing(path: Path, limits: Limits) -> Listing:
    if path.suffix.lower() != ".zip":
        raise UsageError(f"{path}: is neither a folder nor a .zip; name the folder of submissions, or the .zip that the LMS made")
    of_a_class = replace(limits, archive_bytes=CLASS_BYTES, archive_members=CLASS_MEMBERS, archive_ratio=_ANY_RATIO)
    try:
        content = folder.read_file(os.fspath(path), CLASS_BYTES)
        return archive.collect(zip_archive.packed(content, of_a_class), len(content), of_a_class)
    except (Refused, Rejected) as reason:
        raise UsageError(
            f"{path}: cannot be taken as a class ({str(reason).rstrip('.')}); download it again, or unpack it and name the folder"
        ) from reason


def _unpack(listing: Listing, unpacked: Path, most_bytes: int) -> tuple[str, ...]:
    """Write what was listed, no file larger than `most_bytes`, and return the remarks."""
    # A link stays a link, so that its submission is told, but leads nowhere; as the last thing made it cannot redirect what is written.
    links = [name for name, reason in listing.refused if reason == LINK]
    steps: list[tuple[Place, Callable[[Path], object]]] = [
        *((place, _make_folder) for place in sorted(listing.folders)),
        *((member.place, partial(_write, member, most_bytes)) for member in listing.members),
        *((tuple(name.split("/")), _make_link) for name in links),
    ]
    refused = {name: reason for name, reason in listing.refused if reason != LINK}
    for place, make in steps:
        try:
            make(unpacked.joinpath(*place))
        except Refused as reason:
            refused["/".join(place)] = str(reason)
        except UnicodeError:
            refused["/".join(place)] = _NAME_REFUSED
        except OSError as error:
            if error.errno not in _IMPOSSIBLE:
                raise GraderError(f"{unpacked}: cannot be written ({error.strerror}); make room there, or let TMPDIR name another folder") from error
            refused["/".join(place)] = _NAME_REFUSED
    return (*listing.remarks, *(f"{shown(name)} was refused: {reason}." for name, reason in sorted(refused.items())))


def _make_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)


def _make_link(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(os.devnull)


def _write(member: Member, most_bytes: int, path: Path) -> None:
    content = member.read(most_bytes)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)


def _class_folder(unpacked: Path) -> Path:
    """Where the submissions are: what was unpacked, or the one folder in it, unless answers lie there and it is somebody's work."""
    names = listed(unpacked)
    (only, is_file), *others = names.items()
    inner = unpacked / only
    if others or is_file or inner.is_symlink() or detect(unpacked, names) != "plain" or not any(inner.iterdir()):
        return unpacked
    inside = listed(inner)
    answers = [name for name, is_file in inside.items() if is_file and name.endswith((".py", ".ipynb"))]
    is_class = not answers and any(is_archive(name) or not is_file for name, is_file in inside.items())
    return inner if is_class or detect(inner, inside) != "plain" else unpacked
