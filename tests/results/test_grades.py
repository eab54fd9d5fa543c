from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEXT, UNIT, exercise_result, results

from grader.model import Outcome, Result, Status
from grader.results.grades import csv_bytes, row

EVERY = [exercise.name for exercise in UNIT.exercises]


def read(document: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(document.decode("utf-8"), newline=""), strict=True))


def a_result(name: str, file_name: str = "s") -> Result:
    exercises = tuple(exercise_result(exercise, [Outcome.PASSED], "") for exercise in EVERY)
    return Result(name, file_name, Status.GRADED, exercises, 1, "0.1.0", "c", "5", (), 0.1)


def test_the_columns_are_the_contracts() -> None:
    header, line = read(csv_bytes([row(a_result("ada"), UNIT)], UNIT))
    assert header == ["submission", "score", "max_score", "bonus", "status", *EVERY]
    assert line == ["ada", "100.0", "100.0", "10.0", "graded", "20.0", "25.0", "20.0", "25.0", "10.0", "10.0"]


def test_a_fault_has_empty_cells_for_scores() -> None:
    _, line = read(csv_bytes([row(replace(a_result("ada"), status=Status.FAULT, exercises=()), UNIT)], UNIT))
    assert line == ["ada", "", "100.0", "", "fault", "", "", "", "", "", ""]


def test_an_exercise_that_was_not_graded_has_an_empty_cell() -> None:
    partial = replace(a_result("ada"), exercises=(exercise_result("kl", [Outcome.PASSED], ""),))
    _, line = read(csv_bytes([row(partial, UNIT)], UNIT))
    assert line == ["ada", "20.0", "20.0", "0.0", "graded", "", "", "20.0", "", "", ""]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\x1b[31m=1", "\u200b=1", "\uff1d1", '=1,"2"\n=3'])
def test_a_name_is_never_a_formula(name: str) -> None:
    _, line = read(csv_bytes([row(a_result(name), UNIT)], UNIT))
    assert line[0].startswith("'")
    assert line[0].isprintable()


@pytest.mark.parametrize("separator", [",", ";", "|"])
def test_a_name_is_one_cell_whatever_a_spreadsheet_takes_for_a_separator(separator: str) -> None:
    document = csv_bytes([row(a_result(f"a{separator}=1+1{separator}b"), UNIT)], UNIT)
    _, line = csv.reader(io.StringIO(document.decode("utf-8"), newline=""), delimiter=separator)
    assert line[0].startswith(f"a{separator}=1+1{separator}b")


@given(st.lists(results((Status.GRADED, Status.REJECTED, Status.FAULT)), max_size=5))
def test_no_cell_starts_like_a_formula_and_every_line_has_every_column(found: list[Result]) -> None:
    table = read(csv_bytes([row(replace(result, file_name=f"s{number}"), UNIT) for number, result in enumerate(found)], UNIT))
    assert len(table) == len(found) + 1
    assert {len(line) for line in table} == {5 + len(EVERY)}
    assert not [cell for line in table for cell in line if cell.lstrip()[:1] in {*"=+-@\t\r\n"} and cell]


@given(st.lists(TEXT, min_size=2, max_size=4))
def test_names_that_look_the_same_are_told_apart(names: list[str]) -> None:
    rows = [row(a_result(name, f"s{number}"), UNIT) for number, name in enumerate([*names, names[0] + "\u200b"])]
    shown = [line[0] for line in read(csv_bytes(rows, UNIT))]
    assert len(set(shown)) == len(shown)


def test_the_order_of_lines_does_not_depend_on_the_order_of_grading() -> None:
    rows = [row(a_result(name, name), UNIT) for name in ("c", "a", "b")]
    assert csv_bytes(rows, UNIT) == csv_bytes(rows[::-1], UNIT)
