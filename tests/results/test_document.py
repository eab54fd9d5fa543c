from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import UNIT, exercise_result, results

from grader.model import Outcome, Result, Status
from grader.results.document import NotAResult, decode, encode

KEYS = ["schema", "submission", "status", "score", "max_score", "bonus", "exercises", "seed", "package_version", "checks_sha256"]
KEYS += ["submission_sha256", "isolation", "duration_s", "message", "notes", "exercise_checks_sha256"]


def a_result(message: str = "", notes: tuple[str, ...] = ()) -> Result:
    exercises = tuple(exercise_result(exercise.name, [Outcome.FAILED], message) for exercise in UNIT.exercises)
    return Result("s01", "s01", Status.GRADED, exercises, 1, "0.1.0", "c", "5", ("seccomp",), 0.2134, "", notes)


@given(results())
def test_what_is_encoded_is_decoded_the_same_and_encoded_the_same_again(result: Result) -> None:
    document = encode(result, UNIT)
    assert encode(decode(document, "s01"), UNIT) == document


@given(results())
def test_scores_survive_whatever_names_and_messages_hold(result: Result) -> None:
    again = decode(encode(result, UNIT), "s01")
    assert (again.score, again.bonus, again.status) == (result.score, result.bonus, result.status)
    assert [exercise.score for exercise in again.exercises] == [exercise.score for exercise in result.exercises]


@given(results())
def test_a_document_is_utf_8_that_any_reader_takes(result: Result) -> None:
    text = encode(result, UNIT).decode("utf-8")
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert not any(0xD800 <= ord(character) <= 0xDFFF for character in json.dumps(json.loads(text), ensure_ascii=False))


def test_a_document_has_the_contracts_keys_in_the_contracts_order() -> None:
    table = json.loads(encode(a_result(), UNIT))
    assert list(table) == KEYS
    assert list(table["exercises"]) == [exercise.name for exercise in UNIT.exercises]
    assert list(table["exercises"]["kl"]) == ["score", "max_score", "bonus", "checks"]
    assert list(table["exercises"]["kl"]["checks"][0]) == ["name", "function", "points", "max_points", "outcome", "message", "misconception"]
    assert (table["score"], table["max_score"], table["bonus"], table["duration_s"]) == (0.0, 100.0, 0.0, 0.213)


def test_the_score_leaves_out_the_bonus() -> None:
    exercises = tuple(exercise_result(exercise.name, [Outcome.PASSED], "") for exercise in UNIT.exercises)
    table = json.loads(encode(replace(a_result(), exercises=exercises), UNIT))
    assert (table["score"], table["max_score"], table["bonus"]) == (100.0, 100.0, 10.0)


def test_a_fault_has_no_score_and_is_never_a_zero() -> None:
    table = json.loads(encode(replace(a_result(), status=Status.FAULT, exercises=()), UNIT))
    assert (table["score"], table["bonus"], table["max_score"]) == (None, None, 100.0)


@pytest.mark.parametrize("character", ["x", "\u20ac", "\U0001f600", '"', "\x01"])
def test_a_document_stays_under_its_limit_and_keeps_every_check(character: str) -> None:
    document = encode(a_result(character * 2_000, tuple(character * 2_000 for _ in range(3_000))), UNIT)
    assert len(document) <= UNIT.limits.result_bytes
    assert [exercise.checks for exercise in decode(document, "s01").exercises if not exercise.checks] == []
    assert decode(document, "s01").score == 0.0


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_what_is_no_result_is_said_to_be_none(document: bytes) -> None:
    with pytest.raises(NotAResult):
        decode(document, "s01")


@given(st.data())
def test_a_damaged_result_is_said_to_be_none_or_is_still_a_result(data: st.DataObject) -> None:
    table = json.loads(encode(a_result(), UNIT))
    key = data.draw(st.sampled_from(KEYS))
    damage = data.draw(
        st.none() | st.integers() | st.text(max_size=3) | st.lists(st.none(), max_size=2) | st.dictionaries(st.text(max_size=2), st.none())
    )
    with contextlib.suppress(NotAResult):
        assert isinstance(decode(json.dumps(table | {key: damage}).encode(), "s01"), Result)
