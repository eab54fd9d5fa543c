"""Lists and reads what lies on disk, without ever following a link or waiting for a pipe."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from grader.errors import GraderError
from grader.intake.members import LINK, SEARCH_FACTOR, Listing, Member, Place, Refused, is_ignored, too_large
from grader.text import printable
from grader.unit import Limits

_PATH_CHARACTERS = 400

# The student's doing: a path longer than the system can open; a link, a pipe or a folder where a file should be.
_STUDENT_ERRORS = {
    errno.ENAMETOOLONG: "its path is too long",
    errno.ELOOP: LINK,
    errno.ENXIO: "it is not an ordinary file",
    errno.EISDIR: "it is a folder",
}


def members(folder: Path, limits: Limits) -> Listing:
    """All files below a folder, those nearest the top first, each folder's in the order of their names.

    The search ends, with a remark, once more than SEARCH_FACTOR * limits.archive_members entries were seen; a folder is always searched whole.

    Raises:
        GraderError: something could not be listed that a student cannot be blamed for.
    """
    listing = Listing()
    waiting: deque[tuple[Place, str]] = deque([((), os.fspath(folder))])
    seen, enough = 0, SEARCH_FACTOR * limits.archive_members
    while waiting and seen <= enough:
        place, path = waiting.popleft()
        try:
            with machine_errors(path), os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
                for entry in entries:
                    _sort_in(entry, (*place, entry.name), listing, waiting)
        except Refused as reason:
            listing.refused.append(("/".join(place), str(reason)))
            continue
        seen += len(entries)
    if seen > enough:
        listing.remarks.append(
            f"The folder holds more than {enough:,} files. Only those nearest the top were looked at: leave out data and environments."
        )
    return listing


def _sort_in(entry: os.DirEntry[str], place: Place, listing: Listing, waiting: deque[tuple[Place, str]]) -> None:
    if entry.is_symlink():
        listing.refused.append(("/".join(place), LINK))
    elif entry.is_dir(follow_symlinks=False):
        if not is_ignored((entry.name,)):
            listing.folders.add(place)
            waiting.append((place, entry.path))
    elif entry.is_file(follow_symlinks=False):
        listing.members.append(Member(place, entry.stat(follow_symlinks=False).st_size, partial(read_file, entry.path)))
    else:
        listing.refused.append(("/".join(place), "it is not an ordinary file"))


def member(place: Place, path: Path) -> Member:
    """A file that lies somewhere by itself, as a member of a submission.

    Raises:
        Refused: it is no regular file.
        GraderError: it cannot be looked at.
    """
    with machine_errors(os.fspath(path)):
        status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise Refused("it is not an ordinary file")
    return Member(place, status.st_size, partial(read_file, os.fspath(path)))


def read_file(path: str, limit: int) -> bytes:
    """The bytes of a regular file.

    Raises:
        Refused: it is no regular file, or larger than `limit` bytes, which is found out before anything is read.
        GraderError: it could not be read, and a student cannot be blamed for that.
    """
    with machine_errors(path):
        # Not blocking: opening a pipe to which nobody writes would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Refused("it is not an ordinary file")
            if status.st_size > limit:
                raise Refused(too_large(limit))
            return file.read(status.st_size)


@contextmanager
def machine_errors(path: str) -> Iterator[None]:
    """Turn an OSError into GraderError, which names the path and the fix, or into Refused where the submission itself is the cause."""
    try:
        yield
    except OSError as error:
        if error.errno in _STUDENT_ERRORS:
            raise Refused(_STUDENT_ERRORS[error.errno]) from error
        shown = printable(path, _PATH_CHARACTERS)
        raise GraderError(f"{shown}: cannot be read ({error.strerror}); make it readable for the user who grades, and run again") from error
