"""`exercises/` is what its sources make of it, and every way of being something else is noticed."""

import shutil
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.release import drift, generation, write_exercises
from grader.unit import PACKAGE, current, data_directory


@pytest.fixture
def exercises(tmp_path: Path) -> Path:
    return shutil.copytree(data_directory("exercises"), tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))


def test_the_committed_exercises_are_in_sync():
    assert drift() == []


@pytest.mark.parametrize("name", sorted(generation.generated_files(current())))
def test_an_edited_generated_file_is_noticed_and_regenerated(exercises, name):
    with (exercises / name).open("a", encoding="utf-8") as file:
        file.write("# edited by hand\n")
    (line,) = drift(exercises)
    assert line.startswith(f"{exercises / name}: differs")
    assert write_exercises(exercises) == [exercises / name]
    assert drift(exercises) == []


def test_missing_files_are_noticed(exercises):
    (exercises / "kl.py").unlink()
    (exercises / "checks" / "test_kl.py").unlink()
    assert [line.partition(": ")[2].partition(";")[0] for line in drift(exercises)] == ["missing", "missing"]


@pytest.mark.parametrize("stray", ["notes.txt", "kl_solution.py", "checks/test_extra.py", "old/kl.py"])
def test_a_stray_file_is_noticed(exercises, stray):
    (exercises / stray).parent.mkdir(exist_ok=True)
    (exercises / stray).write_text("", encoding="utf-8")
    assert drift(exercises) == [f"{exercises / stray}: belongs to no exercise of unit.toml; remove it"]


def test_caches_are_no_strays_and_line_ends_of_windows_are_no_drift(exercises):
    (exercises / "__pycache__").mkdir()
    (exercises / "__pycache__" / "kl.pyc").write_bytes(b"")
    (exercises / "kl.py").write_bytes((exercises / "kl.py").read_bytes().replace(b"\n", b"\r\n"))
    assert drift(exercises) == []


def test_writing_into_an_empty_folder_makes_all_generated_files(tmp_path):
    names = {path.relative_to(tmp_path).as_posix() for path in write_exercises(tmp_path)}
    assert names == set(generation.generated_files(current()))


def test_the_installed_package_is_not_written_to():
    with pytest.raises(UsageError, match="in a clone"):
        write_exercises(PACKAGE / "data" / "exercises")
