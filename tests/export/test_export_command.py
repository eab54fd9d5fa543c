"""`grade export` as it is typed: which options a format heeds, and where its files go."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from class_of import UNIT, result
from click.testing import CliRunner, Result

from grader.cli import main
from grader.cli.export import FORMATS
from grader.export import formats
from grader.model import Origin, Person
from grader.results import origins
from grader.results.document import encode
from grader.results.store import write_file

DUE = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATE = "[late]\ndue = 2026-11-20T12:00:00Z\npercent_per_day = 10\n"
HIDDEN = '[gradescope]\nvisibility = "hidden"\n'
CHOICES = {"--out-of": ["10"], "--bonus": [], "--assignment": ["Reparameterization (4711)"]}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    write_file(folder / "results" / "ada.json", encode(result("ada"), UNIT))
    write_file(folder / "class.json", origins.encode({"ada": Origin((Person("Ada", {"participant": "17"}),), DUE + timedelta(hours=1))}))
    return folder


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    write_file(tmp_path / "hidden.toml", HIDDEN.encode())
    return tmp_path / "hidden.toml"


def export(out: Path, target: str, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", str(out), "--to", target, *map(str, arguments)])


def written(out: Path) -> bytes:
    (path,) = (path for path in (out / "exports").rglob("*") if path.is_file())
    return path.read_bytes()


def visibilities(document: Path) -> set[str]:
    return {test["visibility"] for test in json.loads(document.read_text(encoding="utf-8"))["tests"]}


def test_the_command_line_knows_the_formats_that_there_are() -> None:
    """It keeps names of its own so that starting it loads no format."""
    assert list(FORMATS) == list(formats.FORMATS)


@pytest.mark.parametrize("option", CHOICES)
@pytest.mark.parametrize("target", formats.FORMATS)
def test_an_option_changes_what_is_exported_or_is_refused(out: Path, target: str, option: str) -> None:
    assert export(out, target).exit_code == 0
    before = written(out)
    done = export(out, target, option, *CHOICES[option])
    if done.exit_code == 0:
        assert written(out) != before
    else:
        assert done.exit_code == 2
        assert f"{option}: means nothing to {target}" in done.output
        assert written(out) == before


@pytest.mark.parametrize(
    ("target", "option", "value"),
    [
        ("csv", "--template", __file__),
        ("csv", "--course", __file__),
        ("canvas", "--isolation", "strict"),
        ("github-actions", "--course", __file__),
        ("github-actions", "-o", "x"),
        ("gradescope-autograder", "--output", "x"),
        ("gradescope-autograder", "--out-of", "10"),
    ],
)
def test_an_option_that_is_for_others_is_refused_before_anything_is_written(out: Path, target: str, option: str, value: str) -> None:
    before = sorted(out.rglob("*"))
    done = export(out, target, option, value)
    assert done.exit_code == 2
    assert option in done.output
    assert f"means nothing to {target}" in done.output
    assert sorted(out.rglob("*")) == before


def test_the_course_file_that_is_given_says_who_sees_which_check(out: Path, hidden: Path, tmp_path: Path) -> None:
    write_file(out / "course.toml", (LATE + '[gradescope]\nvisibility = "after_due_date"\n').encode())
    assert export(out, "gradescope", "-o", tmp_path / "stored.json").exit_code == 0
    assert visibilities(tmp_path / "stored.json") == {"after_due_date"}
    assert export(out, "gradescope", "-o", tmp_path / "given.json", "--course", hidden).exit_code == 0
    assert visibilities(tmp_path / "given.json") == {"hidden"}
    assert json.loads((tmp_path / "given.json").read_text(encoding="utf-8"))["score"] == 90.0


def test_a_course_file_with_another_late_policy_than_the_points_were_made_by_is_refused(out: Path, tmp_path: Path) -> None:
    write_file(out / "course.toml", LATE.encode())
    write_file(tmp_path / "same.toml", (LATE + HIDDEN).encode())
    write_file(tmp_path / "other.toml", (LATE.replace("10", "20") + HIDDEN).encode())
    assert export(out, "gradescope", "--course", tmp_path / "same.toml").exit_code == 0
    done = export(out, "gradescope", "--course", tmp_path / "other.toml")
    assert done.exit_code == 2
    assert "other.toml: its [late] is not that of" in done.output


def test_one_document_goes_into_a_folder_that_is_there_and_else_becomes_the_file(out: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert export(out, "gradescope", "-o", tmp_path / "folder").exit_code == 0
    assert (tmp_path / "folder" / "gradescope" / "ada.json").is_file()
    assert export(out, "gradescope", "-o", tmp_path / "results.json").exit_code == 0
    assert (tmp_path / "results.json").is_file()
