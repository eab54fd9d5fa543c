from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NAMES, UNIT, exercise_result, results

from grader.model import Outcome, Result, Status, Submission
from grader.results import Context, still_to_grade, united

EVERY = tuple(exercise.name for exercise in UNIT.exercises)
CONTEXT = Context(1, "0.1.0", {name: f"c of {name}" for name in EVERY})


def stored(*names: str, status: Status = Status.GRADED) -> Result:
    exercises = tuple(replace(exercise_result(name, [Outcome.PASSED], ""), checks_sha256=f"c of {name}") for name in names)
    return Result("s01", "s01", status, exercises, 1, "0.1.0", CONTEXT.checks_sha256, "5", ("seccomp",), 0.1)


def test_a_result_holds_while_nothing_it_rests_on_changes() -> None:
    assert CONTEXT.still_valid(stored("kl"), "5") == {"kl"}


@pytest.mark.parametrize(
    ("context", "sha256"),
    [
        (CONTEXT, "6"),
        (replace(CONTEXT, seed=2), "5"),
        (replace(CONTEXT, package_version="0.2.0"), "5"),
        (replace(CONTEXT, checks=dict.fromkeys(EVERY, "d")), "5"),
        (replace(CONTEXT, isolation="process"), "5"),
    ],
)
def test_a_result_no_longer_holds_when_one_thing_it_rests_on_changed(context: Context, sha256: str) -> None:
    assert not context.still_valid(stored("kl"), sha256)


def test_a_result_made_without_the_sandbox_does_not_hold_for_a_run_with_it() -> None:
    assert not CONTEXT.still_valid(replace(stored("kl"), isolation=("process",)), "5")


def test_where_the_checks_of_one_exercise_changed_the_others_hold() -> None:
    context = replace(CONTEXT, checks={**CONTEXT.checks, "kl": "d"})
    valid = context.still_valid(stored(*EVERY), "5")
    assert valid == {*EVERY} - {"kl"}
    assert still_to_grade(stored(*EVERY), valid, EVERY, UNIT, False) == ("kl",)
    assert still_to_grade(stored(*EVERY), valid, ["encoder"], UNIT, False) == ("kl",)
    assert context.checks_sha256 != CONTEXT.checks_sha256


def test_a_fault_never_holds_and_is_graded_whole() -> None:
    fault = CONTEXT.fault("s01", "s01", "5")
    assert not CONTEXT.still_valid(fault, "5")
    assert still_to_grade(fault, (), ["kl"], UNIT, False) == EVERY


def test_only_what_is_asked_for_and_missing_is_graded() -> None:
    assert still_to_grade(None, (), ["kl"], UNIT, False) == ("kl",)
    assert still_to_grade(stored("kl"), ["kl"], ["kl"], UNIT, False) == ()
    assert still_to_grade(stored("kl"), ["kl"], EVERY, UNIT, False) == tuple(name for name in EVERY if name != "kl")
    assert still_to_grade(stored(*EVERY), EVERY, EVERY, UNIT, True) == EVERY
    assert still_to_grade(stored(*EVERY), EVERY, ["kl"], UNIT, True) == ("kl",)


@given(st.none() | results(), st.sets(NAMES), st.sets(NAMES, min_size=1), st.booleans())
def test_a_result_never_loses_an_exercise_and_covers_all_that_is_asked_for(
    earlier: Result | None, same: set[str], asked: set[str], force: bool
) -> None:
    held = {exercise.name for exercise in earlier.exercises} if earlier else set()
    wanted = still_to_grade(earlier, held & same, asked, UNIT, force)
    assert (held & same) | set(wanted) >= held | asked
    assert not force or set(wanted) >= asked


@given(results(), results())
def test_uniting_prefers_the_later_and_keeps_the_catalogues_order(earlier: Result, later: Result) -> None:
    both = united(earlier, EVERY, later, UNIT)
    names = [exercise.name for exercise in both.exercises]
    assert names == [name for name in EVERY if name in names]
    assert set(names) == {exercise.name for exercise in (*earlier.exercises, *later.exercises)}
    assert set(later.exercises) <= set(both.exercises)


def test_a_rejected_submission_has_every_check_missing_and_says_why() -> None:
    submission = Submission("s01", "s01", {}, "5", rejected="The archive is empty.")
    result = CONTEXT.rejected(submission, UNIT.exercises)
    assert (result.score, result.bonus, result.message) == (0.0, 0.0, "The archive is empty.")
    assert {check.outcome for exercise in result.exercises for check in exercise.checks} == {Outcome.MISSING}
    assert CONTEXT.still_valid(result, "5") == {*EVERY}
