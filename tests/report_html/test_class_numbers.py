from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import UNIT, big_class, result

from grader.model import Adjustment, Grade, Origin, Outcome, Status
from grader.report import class_page
from grader.report.classroom import classroom, correlation

FAILED = (Outcome.FAILED, "Wrong.", "kl-gradient-missing-reciprocal")
SAYS = {"kl-gradient-missing-reciprocal": ("The reciprocal is missing.", "Differentiate.")}


def student(name: str, *failed: str) -> Grade:
    return Grade(result(name, dict.fromkeys(failed, FAILED)), 100.0)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 100)), min_size=5, max_size=50))
def test_discrimination_is_the_point_biserial_correlation(pairs: list[tuple[bool, float]]) -> None:
    x, y = [float(passed) for passed, _ in pairs], [points for _, points in pairs]
    found = correlation(x, y)
    if found is None:
        assert np.std(x) * np.std(y) * len(x) < 1e-8
    else:
        assert found == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-6)


def test_a_checks_own_points_are_no_part_of_what_it_is_compared_with() -> None:
    grades = [student(f"s{number}", *(["kl_gradient_formula"] if number % 2 else [])) for number in range(10)]
    (item,) = [item for item in classroom(grades, UNIT, SAYS).items if item.name == "kl_gradient_formula"]
    assert (item.passed, item.judged, item.difficulty) == (5, 10, 0.5)
    assert item.discrimination is None


def test_checks_that_always_fail_together_are_named() -> None:
    twins = ("kl_gradient_formula", "kl_gradient_walk_through")
    grades = [student("a", *twins), student("b", *twins), student("c", "sample_shape"), student("d")]
    together = {item.name: item.together for item in classroom(grades, UNIT, SAYS).items}
    assert together["kl_gradient_formula"] == ("kl_gradient_walk_through",)
    assert together["kl_gradient_walk_through"] == ("kl_gradient_formula",)
    assert together["sample_shape"] == ()


def test_a_mistake_counts_once_a_student_with_the_sentence_of_a_teacher() -> None:
    grades = [student("a", "kl_gradient_formula", "kl_gradient_walk_through"), student("b", "kl_gradient_formula"), student("c")]
    (mistake,) = classroom(grades, UNIT, SAYS).mistakes
    assert (mistake.count, mistake.examples, mistake.says) == (2, ("a", "b"), "The reciprocal is missing.")


def test_what_needs_a_look_comes_with_its_reasons_the_most_urgent_first() -> None:
    slow = Grade(result("slow", {"sample_shape": (Outcome.TIMEOUT, "Too slow.", None)}), 100.0)
    noted = Grade(result("noted", notes=("kl.py counts, old/kl.py not.",)), 100.0)
    late = Grade(result("late"), 100.0, Origin(late=True))
    fault = Grade(result("fault", status=Status.FAULT, message="The grader failed."), 100.0)
    concerns = {one.submission: one.reasons for one in classroom([slow, noted, late, student("fine"), fault], UNIT, {}).concerns}
    assert list(concerns) == ["fault", "slow", "noted", "late"]
    assert concerns["slow"] == ("timeout: sample",)
    assert "no penalty was applied" in concerns["late"][0]


def test_a_fault_is_no_part_of_any_mean() -> None:
    room = classroom([student("a"), Grade(result("b", status=Status.FAULT), 100.0)], UNIT, {})
    assert (room.total.mean, sum(room.total.counts), dict(room.statuses)) == (100.0, 1, {"graded": 1, "fault": 1})


def test_the_distribution_is_of_final_points_and_the_checks_of_judged_ones() -> None:
    adjustment = Adjustment(1, "a", "kl", 4.0, "fine", "tara", "2026-11-22T10:00:00+00:00")
    grade = Grade(student("a", "kl_gradient_formula").result, 100.0, adjustments=(adjustment,))
    room = classroom([grade], UNIT, {})
    assert room.total.mean == 100.0
    assert {item.name: item.passed for item in room.items}["kl_gradient_formula"] == 0


def test_json_and_csv_hold_the_same_numbers() -> None:
    files = class_page.files(big_class(60), UNIT, SAYS, ())
    table = json.loads(files["report.json"])
    rows = {row["check"]: row for row in csv.DictReader(io.StringIO(files["report.csv"].decode()))}
    assert len(rows) == len(table["checks"]) == sum(len(function.checks) for exercise in UNIT.exercises for function in exercise.functions)
    for check in table["checks"]:
        row = rows[check["name"]]
        assert (int(row["passed"]), int(row["judged"])) == (check["passed"], check["judged"])
        assert float(row["difficulty"]) == pytest.approx(check["difficulty"], abs=1e-4)
    assert sum(table["distributions"]["all"]["counts"]) == table["submissions"]["graded"]
    assert len(table["students"]) == 60
