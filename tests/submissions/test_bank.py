"""The bank of submissions: right ones get all points, wrong ones lose exactly the points they deserve, and are told why.

A folder's files are laid over the solutions; all folders are graded in one run, in one sandbox and one warm session of checks. `right/` and
`wrong/` are judged by the exercises they bring along, `partial/` by all six.

`expected.json`: `note` says what is special. `fails` (with `outcome`) and `outcomes` name the checks that must not pass, and how they end; all
others must pass. `misconception` is the only mistake that may be named, and must be; null where none may. `exercises` gives scores.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.checks import session
from grader.checks.misconceptions import TABLE
from grader.intake import Entry, read
from grader.model import CheckResult, Outcome, Submission
from grader.sandbox.client import Sandbox
from grader.unit import current, data_directory

BANK = Path(__file__).parent
SEED = 20260101
UNIT = current()
Verdicts = dict[Path, dict[str, CheckResult]]
EXERCISES = frozenset(exercise.name for exercise in UNIT.exercises)
ALL_CHECKS = {check.name: exercise.name for exercise in UNIT.exercises for function in exercise.functions for check in function.checks}


def folders(*kinds: str) -> list[Path]:
    """The bank's submissions of these kinds, in the order of their names."""
    return sorted(path.parent for kind in kinds for path in (BANK / kind).glob("*/expected.json"))


def expectation(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "expected.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """What became of each folder's checks, by their names."""
    selected = {
        item.callspec.params.get("folder") for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    }
    found: Verdicts = {}

    def grade_all(grade: session.Grade) -> None:
        for folder in sorted(selected - {None}):
            student = sandbox.student(_submission(folder, tmp_path_factory.mktemp("submission")))
            try:
                found[folder] = {check.name: check for exercise in grade(student, SEED, _judged(folder)) for check in exercise.checks}
            finally:
                student.close()

    with Sandbox(UNIT) as sandbox:
        session.run(UNIT, grade_all)
    return found


def _submission(folder: Path, place: Path) -> Submission:
    shutil.copytree(folder, place, ignore=lambda *_: ["expected.json"], dirs_exist_ok=True)
    for exercise in EXERCISES - _brought(folder):
        shutil.copy(data_directory("solutions") / f"{exercise}.py", place)
    return read(Entry(place, folder.name, folder.name), UNIT)


def _brought(folder: Path) -> frozenset[str]:
    """The exercises of which the folder has a file of its own."""
    return EXERCISES & {path.stem for path in folder.rglob("*") if path.suffix in (".py", ".ipynb")}


def _judged(folder: Path) -> frozenset[str]:
    return EXERCISES if folder.parent.name == "partial" else _brought(folder)


def _id(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def _expected_outcomes(expected: dict[str, Any]) -> dict[str, str]:
    return dict.fromkeys(expected.get("fails", ()), expected.get("outcome", "failed")) | expected.get("outcomes", {})


@pytest.mark.parametrize("folder", folders("right"), ids=_id)
def test_a_right_submission_passes_every_check(folder: Path, verdicts: Verdicts) -> None:
    assert {name: check.message for name, check in verdicts[folder].items() if check.outcome is not Outcome.PASSED} == {}


@pytest.mark.parametrize("folder", folders("wrong", "partial"), ids=_id)
def test_a_wrong_submission_fails_exactly_the_checks_it_deserves_to_fail(folder: Path, verdicts: Verdicts) -> None:
    wanted = _expected_outcomes(expectation(folder))
    got = {name: str(check.outcome) for name, check in verdicts[folder].items() if check.outcome is not Outcome.PASSED}
    assert wanted.keys() <= ALL_CHECKS.keys()
    assert got == wanted, [check.message for check in verdicts[folder].values()]


@pytest.mark.parametrize("folder", folders("wrong"), ids=_id)
def test_its_mistake_is_named_and_no_other(folder: Path, verdicts: Verdicts) -> None:
    named = {check.misconception for check in verdicts[folder].values() if check.misconception is not None}
    wanted = expectation(folder)["misconception"]
    assert named == ({wanted} if wanted else set())


@pytest.mark.parametrize("folder", folders("partial"), ids=_id)
def test_a_partly_right_submission_gets_the_points_of_its_right_part(folder: Path, verdicts: Verdicts) -> None:
    expected = expectation(folder).get("exercises", {})
    scores = {name: sum(check.points for check in verdicts[folder].values() if ALL_CHECKS[check.name] == name) for name in expected}
    assert scores == {name: score["score"] for name, score in expected.items()}


def test_every_known_mistake_is_made_by_a_wrong_submission() -> None:
    assert set(TABLE) - {expectation(folder).get("misconception") for folder in folders("wrong")} == set()


def test_every_check_is_failed_by_a_wrong_submission() -> None:
    failed = {name for folder in folders("wrong", "partial") for name in _expected_outcomes(expectation(folder))}
    assert set(ALL_CHECKS) - failed == set()


def test_every_folder_of_the_bank_says_what_is_expected_of_it() -> None:
    bank = Path(__file__).parent
    assert [folder for kind in ("right", "wrong", "partial") for folder in (bank / kind).iterdir() if not (folder / "expected.json").is_file()] == []
