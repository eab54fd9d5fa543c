"""The folder OUT: one grader at a time, every file whole or not there.

    OUT/results/<submission>.json   one result
    OUT/observations/<submission>.json   what its feedback shows besides: the student's own lines, pictures
    OUT/class.json                  who handed in what, and when, where the layout of the submissions or a roster says so
    OUT/grades.csv                  the class: every result in the folder, also those of entries that an earlier run was given
    OUT/faults/<submission>.txt     where the grader itself failed: the traceback, for staff
    OUT/.lock                       held while a grader works here; the kernel frees it however that grader ends

A file is written beside its place, flushed to the disk, and renamed. Since the lock admits one writer, one temporary name is enough; what a
killed run left under it is overwritten or removed by the next.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from grader.errors import GraderError, UsageError
from grader.model import Observed, Origin, Result, Row
from grader.results import grades, origins
from grader.results.document import NotAResult, decode, encode
from grader.results.observed import decode_observed, encode_observed
from grader.unit import Unit

PARTIAL = ".partial"
WAYS_OUT = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "make room"),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), "make it writable"),
    **dict.fromkeys((errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP), "move away what stands there instead of it"),
    errno.ENOENT: "put back the folder that was moved or removed while grading",
}


class Store:
    """OUT, held by this process. Use as a context manager; to look without holding it: `stored_rows`, `stored_result`."""

    def __init__(self, out: Path, unit: Unit) -> None:
        self.out = out
        self._unit = unit
        self._lock = -1
        self._rows: dict[str, Row] = {}

    def __enter__(self) -> Store:
        try:
            for folder in (self.out, self.out / "results"):
                folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.out / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            self._acquire()
            for folder in (self.out, self.out / "results", self.out / "observations", self.out / "faults"):
                if folder.is_dir():
                    _replace(folder / PARTIAL, None)
        except OSError as error:
            self._release()
            raise UsageError(f"{self.out}: cannot hold results ({error.strerror}); name another folder with -o, or make it writable") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._release()

    def read(self, file_name: str) -> Result | None:
        """The stored result of that name; None if there is none or it cannot be understood."""
        result = stored_at(self.out, file_name)
        if result is not None:
            self._rows[file_name] = grades.row(result, self._unit)
        return result

    def write(self, result: Result, reason: str = "") -> None:
        """Store a result, and for a fault what staff need to know about it.

        Raises:
            GraderError: the disk is full or fails. What was stored before is untouched.
        """
        fault = self.out / "faults" / f"{result.file_name}.txt"
        self._rows.pop(result.file_name, None)
        with self._disk_errors():
            if reason:
                fault.parent.mkdir(exist_ok=True)
                _replace(fault, reason.encode("utf-8", "replace"))
            _replace(self.out / "results" / f"{result.file_name}.json", encode(result, self._unit))
            if not reason:
                fault.unlink(missing_ok=True)
        self._rows[result.file_name] = grades.row(result, self._unit)

    def write_observed(self, observed: Observed, result: Result) -> None:
        """Store what feedback shows besides the result. Pictures of checks that this time were not judged again are kept.

        Raises:
            GraderError: the disk is full or fails.
        """
        path = self.out / "observations" / f"{result.file_name}.json"
        with self._disk_errors():
            path.parent.mkdir(exist_ok=True)
            _replace(path, encode_observed(observed, stored_observed(self.out, result), result))

    def write_origins(self, found: Mapping[str, Origin]) -> None:
        """Store who handed in what, and when, where that is known; what was known of submissions that are not named now is kept.

        Raises:
            GraderError: the disk is full or fails.
        """
        if found:
            with self._disk_errors():
                _replace(self.out / origins.CLASS_FILE, origins.encode({**stored_origins(self.out), **found}))

    def write_grades(self) -> list[Row]:
        """Write `grades.csv` from everything in `results/` and return its rows.

        Raises:
            GraderError: the disk is full or fails. The file that was there is untouched.
        """
        with self._disk_errors():
            for path in _documents(self.out):
                if path.stem not in self._rows:
                    self.read(path.stem)
            _replace(self.out / "grades.csv", grades.csv_bytes(self._rows.values(), self._unit))
        return _sorted(self._rows.values())

    def _acquire(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            holder = os.pread(self._lock, 20, 0).decode("ascii", "replace").strip()
            self._release()
            who = f" (process {holder})" if holder else ""
            raise UsageError(f"{self.out}: another grader{who} is working there; wait for it, or name another folder with -o") from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def _release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _demand_own_lock(self) -> None:
        """Where OUT was removed and made anew, another grader may hold what stands there now, and the temporary name is its."""
        with contextlib.suppress(FileNotFoundError):
            if not os.path.samestat(os.stat(self.out / ".lock"), os.fstat(self._lock)):  # noqa: PTH116  # the counterpart of fstat
                raise GraderError(f"{self.out}: was removed or replaced while grading; run the same command again, and remove nothing meanwhile")

    @contextlib.contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            self._demand_own_lock()
            yield
        except OSError as error:
            place, reason = error.filename or self.out, error.strerror
            way_out = WAYS_OUT.get(error.errno or 0, "see to it")
            raise GraderError(f"{place}: cannot be written ({reason}); {way_out}, then run the same command again: what is stored holds") from error


def stored_rows(out: Path, unit: Unit) -> list[Row]:
    """The class as it stands in a folder, by name, also while a grader works there.

    Raises:
        UsageError: the folder holds no results.
    """
    return [grades.row(result, unit) for result in stored_results(out)]


def stored_results(out: Path) -> list[Result]:
    """All results in a folder, by name, also while a grader works there.

    Raises:
        UsageError: the folder holds none.
    """
    found = [result for result in map(_read, _documents(out)) if result is not None]
    if not found:
        raise UsageError(f"{out}: holds no results; name the folder that `grade run ... -o` wrote to")
    return sorted(found, key=lambda result: (result.submission, result.file_name))


def stored_observed(out: Path, result: Result) -> Observed:
    """What was kept for the feedback on a result; nothing, if that was of another version of the submission."""
    try:
        return decode_observed(_content(out / "observations" / f"{result.file_name}.json"), result)
    except OSError:
        return Observed()


def stored_origins(out: Path) -> dict[str, Origin]:
    """What is known of the submissions, by the stem of their result's file."""
    try:
        return origins.decode(_content(out / origins.CLASS_FILE))
    except OSError:
        return {}


def stored_result(out: Path, submission: str, unit: Unit) -> Result:
    """The result of one submission, by its name or by the name of its file.

    Raises:
        UsageError: there is none, or the name fits more than one.
    """
    rows = stored_rows(out, unit)
    # As it stands, before it is taken for the name of a result file: a submission may be called `s01.json`.
    fitting = [row for row in rows if submission in (row.submission, row.file_name)]
    fitting = fitting or [row for row in rows if row.file_name == submission.removesuffix(".json")]
    exact = [row for row in fitting if row.file_name == submission] or fitting
    if len(exact) > 1:
        raise UsageError(f"{submission}: several submissions have this name; name one of {', '.join(row.file_name for row in exact)}")
    result = stored_at(out, exact[0].file_name) if exact else None
    if result is None:
        raise UsageError(f"{out}: holds no result of {submission!r}; `grade show {out}` lists what it holds")
    return result


def stored_at(out: Path, file_name: str) -> Result | None:
    """The result that is stored under a file name; None if there is none or it cannot be understood."""
    return _read(out / "results" / f"{file_name}.json")


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.submission, row.file_name))


def _documents(out: Path) -> list[Path]:
    # A name that is no text is none of ours.
    return sorted(path for path in (out / "results").glob("*.json") if not path.name.startswith(".") and path.name.isprintable())


def _content(path: Path) -> bytes:
    """The bytes of a file. Raises OSError where there is none; a pipe that somebody put in its place would never end."""
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return path.read_bytes()


def _read(path: Path) -> Result | None:
    try:
        return decode(_content(path), path.stem)
    except (OSError, NotAResult):
        return None


def write_file(path: Path, content: bytes) -> None:
    """Put a file in its place, whole, outside the lock: the temporary name is this process's own.

    Raises:
        UsageError: it cannot be written there. What stood there is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content, path.with_name(f".{os.getpid()}{PARTIAL}"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); make room, make it writable, or name another place with -o") from error


def _replace(path: Path, content: bytes | None, partial: Path | None = None) -> None:
    """Put a file in its place, whole; None: prove that a file can be written there, and leave none."""
    partial = partial or path.parent / PARTIAL
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content or b"")
            file.flush()
            os.fsync(descriptor)
        if content is not None:
            partial.replace(path)
        else:
            partial.unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        error.filename = str(path)
        raise
