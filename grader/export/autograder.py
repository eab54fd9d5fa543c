"""What grades elsewhere: the archive that Gradescope builds an autograder from, and a workflow for repositories on GitHub.

Both run the grader that made them: the archive carries the package's own files and pins what it depends on to the versions that are installed here,
so that a submission gets the same points there and here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from grader import __version__
from grader.errors import UsageError
from grader.unit import PACKAGE, data_directory

DISTRIBUTION = "reparam-exercises"
TEMPLATES = Path(__file__).resolve().parent / "templates"
# The same content makes the same archive.
TIME = (1980, 1, 1, 0, 0, 0)
_EXECUTABLE, _ORDINARY = 0o755, 0o644
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def gradescope_archive(isolation: str, course: bytes) -> bytes:
    """The zip archive to upload as an autograder. `course` is a course file, for who sees which check."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in sorted(_members(isolation, course)):
            member = zipfile.ZipInfo(name, TIME)
            member.external_attr = (0o100000 | mode) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return content.getvalue()


def github_workflow(isolation: str) -> bytes:
    """The file `.github/workflows/grade.yml` of a repository with a student's work."""
    text = (TEMPLATES / "grade.yml").read_text(encoding="utf-8")
    return text.replace("@VERSION@", __version__).replace("@ISOLATION@", isolation).encode()


def _members(isolation: str, course: bytes) -> Iterator[tuple[str, bytes, int]]:
    for name in ("setup.sh", "run_autograder"):
        yield name, (TEMPLATES / name).read_bytes(), _EXECUTABLE
    yield "requirements.txt", "".join(f"{line}\n" for line in _requirements()).encode(), _ORDINARY
    yield "isolation", f"{isolation}\n".encode(), _ORDINARY
    yield "course.toml", course, _ORDINARY
    yield from _files(PACKAGE, "grader")
    for source in (data_directory("exercises"), data_directory("solutions")):
        if not source.is_relative_to(PACKAGE):
            yield from _files(source, f"grader/data/{source.name}")


def _files(folder: Path, below: str) -> Iterator[tuple[str, bytes, int]]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{below}/{path.relative_to(folder).as_posix()}", path.read_bytes(), _ORDINARY


def _requirements() -> Iterator[str]:
    """The direct dependencies, in the versions that are installed here, without the suffix of a local build."""
    try:
        for requirement in requires(DISTRIBUTION) or ():
            match = _REQUIREMENT.match(requirement)
            if match and "extra ==" not in requirement:
                yield f"{match[0]}=={version(match[0]).partition('+')[0]}"
    except PackageNotFoundError as error:
        raise UsageError(f"{error.name}: is not installed here, so that its version cannot be pinned; install this package with pip first") from error
