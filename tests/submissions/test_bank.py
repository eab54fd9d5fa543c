"""The bank of submissions: right ones get all points, wrong ones lose exactly the points they deserve, and are told why.

All folders are graded in one run. README.md says what they hold and what `expected.json` means.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import __version__, bank
from grader.checks.fingerprint import fingerprints
from grader.checks.misconceptions import TABLE
from grader.jobs.local import LocalJobs, cores
from grader.model import Result
from grader.results import Context
from grader.unit import current
from grader.verify import graded_bank

SEED = 20260101
UNIT = current()
CASES = bank.cases(UNIT)


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> dict[str, Result]:
    """What became of each selected case."""
    selected = [item.callspec.params["case"] for item in request.session.items if isinstance(item, pytest.Function) and "case" in item.fixturenames]
    with LocalJobs(cores(), "strict", UNIT.limits) as jobs:
        return graded_bank(UNIT, jobs, Context(SEED, __version__, fingerprints(UNIT)), selected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_submission_is_judged_as_it_must_be(case: bank.Case, results: dict[str, Result]) -> None:
    assert list(bank.contradictions(case, results[case.name].exercises)) == []


def test_every_known_mistake_is_made_by_a_wrong_submission() -> None:
    assert set(TABLE) - {case.misconception for case in CASES if case.kind == "wrong"} == set()


def test_every_check_is_failed_by_a_wrong_submission() -> None:
    assert bank.unexercised(UNIT, CASES) == []


def test_every_folder_of_the_bank_says_what_is_expected_of_it() -> None:
    here = Path(__file__).parent
    assert {f"{kind}/{folder.name}" for kind in bank.KINDS for folder in (here / kind).iterdir()} == {case.name for case in CASES}


def test_a_right_submission_may_fail_nothing() -> None:
    assert [case.name for case in CASES if case.kind == "right" and (case.outcomes or case.misconception)] == []
