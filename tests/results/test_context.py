from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NAMES, UNIT, exercise_result, results

from grader.model import Outcome, Result, Status, Submission
from grader.results import Context, still_to_grade, united

EVERY = tuple(exercise.name for exercise in UNIT.exercises)
CONTEXT = Context(1, "0.1.0", "c")


def stored(*names: str, status: Status = Status.GRADED) -> Result:
    exercises = tuple(exercise_result(name, [Outcome.PASSED], "") for name in names)
    return Result("s01", "s01", status, exercises, 1, "0.1.0", "c", "5", ("seccomp",), 0.1)


def test_a_result_holds_while_nothing_it_rests_on_changes() -> None:
    assert CONTEXT.holds(stored("kl"), "5")


@pytest.mark.parametrize(
    ("context", "sha256"),
    [
        (CONTEXT, "6"),
        (replace(CONTEXT, seed=2), "5"),
        (replace(CONTEXT, package_version="0.2.0"), "5"),
        (replace(CONTEXT, checks_sha256="d"), "5"),
        (replace(CONTEXT, isolation="process"), "5"),
    ],
)
def test_a_result_no_longer_holds_when_one_thing_it_rests_on_changed(context: Context, sha256: str) -> None:
    assert not context.holds(stored("kl"), sha256)


def test_a_result_made_without_the_sandbox_does_not_hold_for_a_run_with_it() -> None:
    assert not CONTEXT.holds(replace(stored("kl"), isolation=("process",)), "5")


def test_a_fault_never_holds_and_is_graded_whole() -> None:
    fault = CONTEXT.fault("s01", "s01", "5")
    assert not CONTEXT.holds(fault, "5")
    assert still_to_grade(fault, False, ["kl"], UNIT, False) == EVERY


def test_only_what_is_asked_for_and_missing_is_graded() -> None:
    assert still_to_grade(None, False, ["kl"], UNIT, False) == ("kl",)
    assert still_to_grade(stored("kl"), True, ["kl"], UNIT, False) == ()
    assert still_to_grade(stored("kl"), True, EVERY, UNIT, False) == tuple(name for name in EVERY if name != "kl")
    assert still_to_grade(stored(*EVERY), True, EVERY, UNIT, True) == EVERY
    assert still_to_grade(stored(*EVERY), True, ["kl"], UNIT, True) == ("kl",)


@given(st.none() | results(), st.booleans(), st.sets(NAMES, min_size=1), st.booleans())
def test_a_result_never_loses_an_exercise_and_covers_all_that_is_asked_for(earlier: Result | None, holds: bool, asked: set[str], force: bool) -> None:
    wanted = still_to_grade(earlier, holds, asked, UNIT, force)
    held = {exercise.name for exercise in earlier.exercises} if earlier else set()
    kept = held - set(wanted) if holds else set()
    assert kept | set(wanted) >= held | asked
    assert not force or set(wanted) >= asked


@given(results(), results())
def test_uniting_prefers_the_later_and_keeps_the_catalogues_order(earlier: Result, later: Result) -> None:
    both = united(earlier, later, UNIT)
    names = [exercise.name for exercise in both.exercises]
    assert names == [name for name in EVERY if name in names]
    assert set(names) == {exercise.name for exercise in (*earlier.exercises, *later.exercises)}
    assert set(later.exercises) <= set(both.exercises)


def test_a_rejected_submission_has_every_check_missing_and_says_why() -> None:
    submission = Submission("s01", "s01", {}, "5", rejected="The archive is empty.")
    result = CONTEXT.rejected(submission, UNIT.exercises)
    assert (result.score, result.bonus, result.message) == (0.0, 0.0, "The archive is empty.")
    assert {check.outcome for exercise in result.exercises for check in exercise.checks} == {Outcome.MISSING}
    assert CONTEXT.holds(result, "5")
