"""Submissions made on the spot, as folders and as real archives."""

from __future__ import annotations

import dataclasses
import io
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader.intake import Entry, entries, read
from grader.model import Submission
from grader.unit import Unit, current

Files = dict[str, bytes]


@pytest.fixture
def unit() -> Unit:
    return current()


@pytest.fixture
def small_unit(unit: Unit) -> Unit:
    """The catalogue with limits that a test reaches at once."""
    limits = dataclasses.replace(unit.limits, source_bytes=1_000, notebook_bytes=4_000, archive_bytes=60_000, archive_members=20)
    return dataclasses.replace(unit, limits=limits)


@pytest.fixture
def take(tmp_path: Path, unit: Unit) -> Callable[..., Submission]:
    """Reads what lies in the class folder under a name; given files, first makes them there; given bytes, an archive."""

    def take(content: Files | bytes | None = None, name: str = "s01", unit: Unit = unit) -> Submission:
        path = tmp_path / "class" / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            for place, data in content.items():
                (path / place).parent.mkdir(parents=True, exist_ok=True)
                (path / place).write_bytes(data)
        return read(Entry(path, "s01", "s01"), unit)

    return take


@pytest.fixture
def class_of(tmp_path: Path) -> Callable[..., dict[str, Entry]]:
    """A class folder with empty folders and empty files of these raw names; its entries by raw name."""

    def class_of(*folders: str | bytes, files: tuple[str | bytes, ...] = ()) -> dict[str, Entry]:
        for name in folders:
            os.makedirs(os.path.join(os.fsencode(tmp_path), b"class", os.fsencode(name)), exist_ok=True)  # noqa: PTH103, PTH118  # bytes paths
        for name in files:
            Path(tmp_path, "class", os.fsdecode(name)).touch()
        return {entry.path.name: entry for entry in entries(tmp_path / "class")}

    return class_of


def zip_of(files: Files, **options: Any) -> bytes:
    """A zip archive of ordinary files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tar_of(members: Files | list[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz", **options: Any) -> bytes:
    """A tar archive of ordinary files, or of members with headers made by hand."""
    if isinstance(members, dict):
        members = [(tarfile.TarInfo(name), content) for name, content in members.items()]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, **options) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def pack_zip() -> Callable[..., bytes]:
    return zip_of


@pytest.fixture
def pack_tar() -> Callable[..., bytes]:
    return tar_of


_WRITES = {
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
    "shutil.move",
}
_written: list[str] | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _written is None:
        return
    if event in _WRITES or event.startswith(("subprocess.", "os.exec", "os.posix_spawn", "os.fork", "socket.", "tempfile.")):
        _written.append(event)
    elif event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
        _written.append(f"open {arguments[0]!r}")


sys.addaudithook(_audit)


@contextmanager
def _nothing_written() -> Iterator[None]:
    global _written  # an audit hook cannot be removed, only told to look away
    _written = []
    try:
        yield
        assert _written == []
    finally:
        _written = None


@pytest.fixture(scope="session")
def nothing_written() -> Callable[[], Any]:
    """A context in which opening anything for writing, making folders, starting processes and the like fails the test."""
    return _nothing_written
