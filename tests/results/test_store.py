from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from strategies import UNIT, exercise_result

from grader.errors import GraderError, UsageError
from grader.model import Outcome, Result, Status
from grader.results import Store
from grader.results.document import decode
from grader.results.store import stored_result, stored_rows


def a_result(name: str = "s01", message: str = "") -> Result:
    exercises = tuple(exercise_result(exercise.name, [Outcome.FAILED], message) for exercise in UNIT.exercises)
    return Result(name, name, Status.GRADED, exercises, 1, "0.1.0", "c", "5", ("seccomp",), 0.1)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond `size` bytes: writing fails half-way, as on a full one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    with Store(tmp_path / "deep" / "out", UNIT) as store:
        store.write(a_result())
        assert store.read("s01") == a_result()
        assert store.read("s02") is None


def test_one_grader_at_a_time_works_on_a_folder(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT), pytest.raises(UsageError, match=r"another grader .*is working there"), Store(tmp_path, UNIT):
        pass
    with Store(tmp_path, UNIT):
        pass


@pytest.mark.parametrize("place", ["out", "out/results", "out/.lock"])
def test_an_out_that_cannot_be_used_is_wrong_usage(tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    if place.endswith(".lock"):
        (tmp_path / place).mkdir()
    else:
        (tmp_path / place).write_text("not a folder")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match="cannot hold results"), Store(tmp_path / "out", UNIT):
        pass
    assert tree(tmp_path) == before


def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT) as store:
        store.write(a_result())
        store.write_grades()
        before = tree(tmp_path)
        with files_end_at(1_000):
            with pytest.raises(GraderError, match="make room, then run the same command again"):
                store.write(a_result("s01", "another message"))
            with pytest.raises(GraderError, match="cannot be written"):
                store.write(replace(a_result("s02"), status=Status.FAULT), "reason" * 1_000)
        assert tree(tmp_path) == before


def test_a_writer_that_is_killed_leaves_only_whole_files(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from test_store import UNIT, Store, a_result
with Store(Path(sys.argv[1]), UNIT) as store:
    for number in range(100_000):
        store.write(a_result(f"s{number % 7}", "message " * (number % 200)))
        store.write_grades()
"""
    for pause in (0.01, 0.05, 0.1):
        writer = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=Path(__file__).parent)  # noqa: S603  # our own interpreter
        while not (tmp_path / "grades.csv").exists():
            time.sleep(0.01)
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        for path in (tmp_path / "results").glob("*.json"):
            assert decode(path.read_bytes(), path.stem).score == 0.0
        assert (tmp_path / "grades.csv").read_bytes().endswith(b"\n")
        (tmp_path / "grades.csv").unlink()
    (tmp_path / "results" / ".partial").write_text("half a res")
    with Store(tmp_path, UNIT):
        assert not (tmp_path / "results" / ".partial").exists()


def test_an_out_that_was_made_anew_by_another_grader_is_left_to_it(tmp_path: Path) -> None:
    with Store(tmp_path / "out", UNIT) as first:
        (tmp_path / "out").rename(tmp_path / "moved")
        with Store(tmp_path / "out", UNIT), pytest.raises(GraderError, match="removed or replaced"):
            first.write_grades()


def test_a_damaged_result_counts_as_none(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT) as store:
        store.write(a_result())
        path = tmp_path / "results" / "s01.json"
        path.write_bytes(path.read_bytes()[:100])
        assert store.read("s01") is None


def test_a_link_planted_under_the_temporary_name_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    with Store(tmp_path / "out", UNIT) as store:
        (tmp_path / "out" / "results" / ".partial").symlink_to(victim)
        with pytest.raises(GraderError):
            store.write(a_result())
        store.write(a_result())
    assert victim.read_text() == "precious"


def test_a_reason_is_kept_for_staff_until_the_submission_is_graded(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT) as store:
        store.write(replace(a_result(), status=Status.FAULT, exercises=()), "Traceback: secret of a check")
        assert "secret" in (tmp_path / "faults" / "s01.txt").read_text()
        assert "secret" not in (tmp_path / "results" / "s01.json").read_text()
        store.write(a_result())
        assert not (tmp_path / "faults" / "s01.txt").exists()


def test_the_table_holds_every_result_also_those_of_earlier_runs(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT) as store:
        store.write(a_result("s02"))
    with Store(tmp_path, UNIT) as store:
        store.write(a_result("s01"))
        assert [row.submission for row in store.write_grades()] == ["s01", "s02"]
    assert [line.split(",")[0] for line in (tmp_path / "grades.csv").read_text().splitlines()] == ["submission", "s01", "s02"]
    assert [row.submission for row in stored_rows(tmp_path, UNIT)] == ["s01", "s02"]


def test_a_result_is_found_by_its_name_or_the_name_of_its_file(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT) as store:
        store.write(replace(a_result(), submission="=1", file_name="_1-abc"))
    assert stored_result(tmp_path, "=1", UNIT) == stored_result(tmp_path, "_1-abc", UNIT) == stored_result(tmp_path, "_1-abc.json", UNIT)
    with pytest.raises(UsageError, match="holds no result of 's09'"):
        stored_result(tmp_path, "s09", UNIT)
    with pytest.raises(UsageError, match="holds no results"):
        stored_rows(tmp_path / "nowhere", UNIT)


def test_a_submission_that_is_called_like_the_result_of_another_is_itself(tmp_path: Path) -> None:
    with Store(tmp_path, UNIT) as store:
        for name in ("s01", "s01.json"):
            store.write(a_result(name))
    assert [stored_result(tmp_path, name, UNIT).submission for name in ("s01", "s01.json", "s01.json.json")] == ["s01", "s01.json", "s01.json"]


def test_files_get_the_permissions_that_the_users_mask_allows(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with Store(tmp_path / "out", UNIT) as store:
            store.write(a_result())
    finally:
        os.umask(before)
    assert (tmp_path / "out" / "results" / "s01.json").stat().st_mode & 0o777 == 0o640


WRITER = """
import sys
from pathlib import Path
from grader.results.store import write_file
for _ in range(100):
    write_file(Path(sys.argv[1]), sys.argv[2].encode() * 100_000)
"""


def test_two_commands_that_write_one_file_at_once_both_succeed_and_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "ab"]  # noqa: S603  # our own interpreter
    assert [writer.wait() for writer in writers] == [0, 0]
    assert path.read_bytes() in (b"a" * 100_000, b"b" * 100_000)
    assert list(tmp_path.iterdir()) == [path]
