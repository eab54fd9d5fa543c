"""The bank of submissions: right ones get all points, wrong ones lose exactly the points they deserve, and are told why.

All folders are graded in one run, in one sandbox and one warm session of checks. README.md says what they hold and what `expected.json` means.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import bank
from grader.checks import session
from grader.checks.misconceptions import TABLE
from grader.model import ExerciseResult
from grader.sandbox.client import Sandbox
from grader.unit import current

SEED = 20260101
UNIT = current()
CASES = bank.cases(UNIT)
Verdicts = dict[str, tuple[ExerciseResult, ...]]


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """What became of each selected case's checks."""
    selected = [item.callspec.params["case"] for item in request.session.items if isinstance(item, pytest.Function) and "case" in item.fixturenames]
    found: Verdicts = {}

    def grade_all(grade: session.Grade) -> None:
        for case in selected:
            student = sandbox.student(bank.submission(case, UNIT, tmp_path_factory.mktemp("submission")))
            try:
                found[case.name] = grade(student, SEED, case.exercises)
            finally:
                student.close()

    with Sandbox(UNIT) as sandbox:
        session.run(UNIT, grade_all)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_submission_is_judged_as_it_must_be(case: bank.Case, verdicts: Verdicts) -> None:
    assert list(bank.contradictions(case, verdicts[case.name])) == []


def test_every_known_mistake_is_made_by_a_wrong_submission() -> None:
    assert set(TABLE) - {case.misconception for case in CASES if case.kind == "wrong"} == set()


def test_every_check_is_failed_by_a_wrong_submission() -> None:
    assert bank.unexercised(UNIT, CASES) == []


def test_every_folder_of_the_bank_says_what_is_expected_of_it() -> None:
    here = Path(__file__).parent
    assert {f"{kind}/{folder.name}" for kind in bank.KINDS for folder in (here / kind).iterdir()} == {case.name for case in CASES}


def test_a_right_submission_may_fail_nothing() -> None:
    assert [case.name for case in CASES if case.kind == "right" and (case.outcomes or case.misconception)] == []
