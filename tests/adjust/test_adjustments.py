from __future__ import annotations

import json
import os
import subprocess
import sys
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
from grader.unit import current, data_directory

GRADE = str(Path(sys.executable).with_name("grade"))
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


def remove_entry(out: Path, number: int) -> None:
    """As staff do it, in an editor."""
    path = out / "adjustments.toml"
    header, *entries = path.read_text(encoding="utf-8").split("[[adjustment]]")
    path.write_text("[[adjustment]]".join([header, *(entry for entry in entries if f"number = {number}\n" not in entry)]), encoding="utf-8")


def test_an_entry_removed_by_hand_leaves_its_number_to_nobody_else(out: Path) -> None:
    for name, points in (("ada", 1.0), ("ada", 2.0), ("bob", 3.0)):
        adjustments.adjust(out, name, "kl", points, "x", "tara")
    remove_entry(out, 1)
    assert adjustments.adjust(out, "ada", "kl", 4.0, "x", "tara").number == 4
    assert grade("adjust", out, "ada", "--undo").exit_code == 0
    assert [(one.number, one.submission) for one in adjustments.standing(out)] == [(2, "ada"), (3, "bob")]


def test_what_was_taken_back_and_removed_by_hand_takes_back_no_later_entry(out: Path) -> None:
    adjustments.adjust(out, "ada", "kl", 1.0, "x", "tara")
    text = (out / "adjustments.toml").read_text(encoding="utf-8")
    undone = '\n[[adjustment]]\nnumber = 2\nsubmission = "ada"\nby = "tara"\ntime = "now"\ncomment = ""\nundoes = 3\n'
    (out / "adjustments.toml").write_text(text + undone, encoding="utf-8")
    later = adjustments.adjust(out, "ada", "kl", 1.0, "x", "tara")
    assert later in adjustments.standing(out)


def test_grading_again_by_force_loses_no_adjustment_and_changes_no_judged_point(tmp_path: Path) -> None:
    solution = (data_directory("solutions") / "kl.py").read_text(encoding="utf-8")
    write_file(tmp_path / "submissions" / "ada" / "kl.py", solution.replace("sigma - 1.0 / sigma", "sigma").encode())
    command = [GRADE, "run", str(tmp_path / "submissions"), "-o", str(tmp_path / "out"), "-j", "1", "--force"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own command
    result = tmp_path / "out" / "results" / "ada.json"
    judged_points, before = json.loads(result.read_text(encoding="utf-8"))["score"], result.stat().st_ino
    assert grade("adjust", tmp_path / "out", "ada", "--exercise", "kl", "--points", "2", "--comment", "x", "--by", "tara").exit_code == 0
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own command
    assert result.stat().st_ino != before
    assert json.loads(result.read_text(encoding="utf-8"))["score"] == judged_points
    assert 0.0 < judged_points < 20.0
    assert score(tmp_path / "out") == judged_points + 2.0


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


ENTRY = '[[adjustment]]\nnumber = 1\nsubmission = "ada"\nexercise = "kl"\npoints = 1.0\ncomment = "x"\nby = "tara"\ntime = "now"\n'


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (ENTRY + "undoes = [1]\n", "entry 1 from the top: undoes is [1], must be a whole number"),
        (ENTRY + ENTRY.replace("= 1\n", "= 2\n") + "undoes = true\n", "entry 2 from the top: undoes is True"),
        (ENTRY.replace("= 1\n", '= "1"\n'), "entry 1 from the top: number is '1'"),
        (ENTRY.replace("number = 1\n", ""), "entry 1 from the top: number is missing"),
        (ENTRY + ENTRY, "two entries have the number 1"),
        (ENTRY.replace("points = 1.0\n", ""), "entry number 1 lacks or misspells 'points'"),
        (ENTRY.replace("1.0", '"1"'), "entry number 1 lacks or misspells points: '1' must be a number"),
    ],
)
def test_a_mistake_made_by_hand_is_told_with_file_and_entry_by_every_command(out: Path, text: str, hint: str) -> None:
    (out / "adjustments.toml").write_text(text, encoding="utf-8")
    for command in (["show", out], ["report", out], ["export", out, "--to", "csv"], ["adjust", out], ["adjust", out, "ada", "--undo"]):
        done = grade(*command)
        assert done.exit_code == 2
        assert "adjustments.toml" in done.output
        assert hint in done.output
    assert (out / "adjustments.toml").read_text(encoding="utf-8") == text


def test_a_user_id_without_an_account_is_asked_for_a_name(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    command = ["adjust", out, "ada", "--exercise", "kl", "--points", "1", "--comment", "x"]
    done = grade(*command)
    assert done.exit_code == 2
    assert "name yourself with --by" in done.output
    assert grade(*command, "--by", "tara").exit_code == 0


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
