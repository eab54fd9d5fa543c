from __future__ import annotations

import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import main
from grader.errors import UsageError
from grader.model import CheckResult, ExerciseResult, Outcome, Status
from grader.model import Result as Judged
from grader.results import adjustments, desk
from grader.results.document import encode
from grader.results.store import write_file
from grader.unit import current

UNIT = current()


def judged(name: str, status: Status = Status.GRADED) -> Judged:
    exercises = tuple(
        ExerciseResult(
            exercise.name,
            exercise.bonus,
            tuple(
                CheckResult(check.name, function.name, 0.0 if exercise.name == "kl" else check.points, check.points, Outcome.PASSED, "")
                for function in exercise.functions
                for check in function.checks
            ),
        )
        for exercise in UNIT.exercises
    )
    return Judged(name, name, status, exercises if status is not Status.FAULT else (), 1, "0.1.0", "c", "5", (), 0.1)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for name in ("ada", "bob"):
        write_file(tmp_path / "out" / "results" / f"{name}.json", encode(judged(name), UNIT))
    return tmp_path / "out"


def grade(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def score(out: Path, name: str = "ada") -> float | None:
    return {one.result.file_name: one.score for one in desk.grades(out, UNIT)}[name]


def test_points_are_added_shown_and_taken_back(out: Path) -> None:
    assert score(out) == 80.0
    done = grade("adjust", out, "ada", "--exercise", "kl", "--points", "+2", "--comment", "right idea", "--by", "tara")
    assert done.exit_code == 0
    assert "kl +2" in done.output
    assert "right idea" in done.output
    assert score(out) == 82.0
    assert grade("adjust", out, "ada", "--exercise", "sampler", "--points", "-1.5", "--comment", "copied", "--by", "tom").exit_code == 0
    assert score(out) == 80.5
    assert "tara" in grade("adjust", out).output
    assert grade("adjust", out, "ada", "--undo", "--exercise", "kl").exit_code == 0
    assert score(out) == 78.5
    assert grade("adjust", out, "ada", "--undo").exit_code == 0
    assert score(out) == 80.0
    last = grade("adjust", out, "ada", "--undo")
    assert last.exit_code == 2
    assert "no adjustment" in last.output


def test_nothing_is_ever_removed_from_the_file(out: Path) -> None:
    adjustments.adjust(out, "ada", "kl", 2.0, "one", "tara")
    adjustments.undo(out, "ada", None, "mistaken", "tom")
    adjustments.adjust(out, "ada", "kl", 3.0, "two", "tara")
    entries = tomllib.loads((out / "adjustments.toml").read_text(encoding="utf-8"))["adjustment"]
    assert [entry["number"] for entry in entries] == [1, 2, 3]
    assert entries[1]["undoes"] == 1
    assert all(datetime.fromisoformat(entry["time"]).tzinfo for entry in entries)
    assert score(out) == 83.0


def test_grading_again_loses_no_adjustment_and_changes_no_judged_point(out: Path) -> None:
    adjustments.adjust(out, "ada", "kl", 2.0, "one", "tara")
    write_file(out / "results" / "ada.json", encode(judged("ada"), UNIT))
    assert score(out) == 82.0
    assert json.loads((out / "results" / "ada.json").read_text(encoding="utf-8"))["score"] == 80.0


def test_an_exercise_never_falls_below_zero_and_a_fault_gets_no_points(out: Path) -> None:
    adjustments.adjust(out, "ada", "kl", -5.0, "no", "tara")
    assert score(out) == 80.0
    adjustments.adjust(out, "eve", "kl", 5.0, "yes", "tara")
    write_file(out / "results" / "eve.json", encode(judged("eve", Status.FAULT), UNIT))
    assert score(out, "eve") is None


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--exercise", "kl", "--points", "2"], "--comment"),
        (["--points", "2", "--comment", "x"], "--exercise"),
        (["--exercise", "nope", "--points", "2", "--comment", "x"], "the exercises are sampler"),
        (["--exercise", "kl", "--points", "nan", "--comment", "x"], "must be a number"),
        (["--exercise", "kl", "--points", "1e9", "--comment", "x"], "must be a number"),
    ],
)
def test_a_senseless_adjustment_is_refused_with_the_fix(out: Path, arguments: list[str], hint: str) -> None:
    done = grade("adjust", out, "ada", *arguments)
    assert done.exit_code == 2
    assert hint in done.output
    assert not (out / "adjustments.toml").exists()


def test_a_damaged_file_is_told_of_and_never_overwritten(out: Path) -> None:
    (out / "adjustments.toml").write_text("[[adjustment]\nnumber = ", encoding="utf-8")
    for command in (["adjust", out, "ada", "--exercise", "kl", "--points", "1", "--comment", "x"], ["export", out, "--to", "csv"], ["report", out]):
        done = grade(*command)
        assert done.exit_code == 2
        assert "adjustments.toml" in done.output
    assert (out / "adjustments.toml").read_text(encoding="utf-8").endswith("number = ")


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=()), max_size=100), st.text(max_size=30)), min_size=1, max_size=4))
def test_any_comment_and_name_can_be_read_again(tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("out")
    made = [adjustments.adjust(folder, "ada", "kl", 1.0, comment, by) for comment, by in words]
    assert adjustments.standing(folder) == made


def test_many_hands_at_once_lose_nothing(out: Path) -> None:
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda number: adjustments.adjust(out, "ada", "kl", 1.0, str(number), "tara"), range(24)))
    assert sorted(one.number for one in adjustments.standing(out)) == list(range(1, 25))


def test_adjustments_need_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        adjustments.adjust(tmp_path / "nowhere", "ada", "kl", 1.0, "x", "tara")
