from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from class_of import UNIT, adjusted, grade
from hypothesis import given
from hypothesis import strategies as st
from readers import gradescope_results, junit

from grader.export import Request, gradescope, moodle, plain
from grader.export import junit as junit_format
from grader.export.request import comment
from grader.export.tables import harmless, read, write
from grader.model import Lateness, Status

TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
HOSTILE = "<img src=x onerror=alert(1)> ]]> &amp; \x1b[31m \x00 =1+1"
WRONG = {"kl_gradient_formula": HOSTILE}


def test_gradescope_gets_every_check_with_points_tags_and_visibility() -> None:
    request = Request([grade("s01", wrong=WRONG)], UNIT, visibility="after_published", checks={"kl_gradient_formula": "visible"})
    table = gradescope_results(gradescope.export(request).files["gradescope/s01.json"])
    assert table["score"] == 96.0
    tests = {test["name"]: test for test in table["tests"]}
    failed = tests["kl: kl gradient formula"]
    assert (failed["status"], failed["score"], failed["visibility"]) == ("failed", 0.0, "visible")
    assert "kl-gradient-missing-reciprocal" in failed["tags"]
    assert {test["visibility"] for name, test in tests.items() if test is not failed} == {"after_published"}
    assert sum(test["max_score"] for test in tests.values()) == 110.0


def test_gradescope_is_told_of_adjustments_and_lateness() -> None:
    table = gradescope_results(gradescope.document(Request([], UNIT), adjusted("s01", "kl", 2.0, penalty=0.1)))
    assert table["score"] == 88.2
    assert "the idea was right" in table["output"]
    assert "10 % less" in table["output"]
    assert table["extra_data"]["judged_score"] == 96.0


@pytest.mark.parametrize(("days", "words"), [(1, "Late by 1 day: 10 % less"), (2, "Late by 2 days: 10 % less")])
def test_students_read_of_one_day_and_of_several(days: int, words: str) -> None:
    late = replace(grade("s01"), lateness=Lateness(days, 0.1))
    assert gradescope_results(gradescope.document(Request([], UNIT), late))["output"].splitlines()[0] == words
    assert f"{words}." in comment(late, UNIT)


def test_gradescope_gets_no_zero_for_the_graders_own_fault() -> None:
    made = gradescope.export(Request([grade("s01", status=Status.FAULT)], UNIT))
    assert not made.files
    assert made.remarks


def test_junit_tells_wrong_values_from_passed_checks_and_survives_hostile_text() -> None:
    content = junit_format.export(Request([grade("s01", wrong=WRONG), grade("broken\x00\x1b", status=Status.FAULT)], UNIT)).files["junit.xml"]
    cases = junit(content)
    assert cases["s01"]["kl.kl_gradient.kl_gradient_formula"] == "failure"
    assert list(cases["s01"].values()).count("passed") == len(cases["s01"]) - 1
    assert [list(suite.values()) for name, suite in cases.items() if name != "s01"] == [["error"]]


def test_csv_and_json_carry_judged_and_final_points() -> None:
    request = Request([adjusted("s01", "kl", 2.0, penalty=0.5, email="a@example.org")], UNIT)
    row = next(csv.DictReader(io.StringIO(plain.as_csv(request).files["grades-final.csv"].decode())))
    assert (row["score"], row["judged_score"], row["adjusted"], row["late_penalty"], row["kl"]) == ("49", "96", "2", "0.5", "18")
    table = json.loads(plain.as_json(request).files["grades-final.json"])["grades"][0]
    assert (table["score"], table["judged_score"], table["exercises"]["kl"]["score"]) == (49.0, 96.0, 18.0)
    assert table["adjustments"][0]["by"] == "tara"


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=5))
def test_no_cell_that_is_written_begins_like_a_formula(rows: list[list[str]]) -> None:
    content = write(["a", "b", "c"], rows).decode()
    for line in csv.reader(io.StringIO(content, newline="")):
        for cell in line:
            begins = cell.strip()[:1]
            assert begins not in set("=@\uff1d\uff0b\uff0d\uff20")
            assert begins not in set("+-") or cell.strip() == "-" or cell.strip().replace(".", "").replace(",", "")[1:].rstrip("% ").isdecimal()


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=5), st.sampled_from(",;\t"), st.booleans())
def test_what_is_written_is_read_again_as_it_stands(rows: list[list[str]], delimiter: str, bom: bool) -> None:
    table = read(write(["a", "b", "c"], rows, delimiter=delimiter, bom=bom), "x.csv")
    wanted = [[harmless(cell) for cell in row] for row in rows]
    assert [list(row) for row in table.rows] == [row for row in wanted if any(cell.strip() for cell in row)]
    assert (table.delimiter, table.bom) == (delimiter, bom)


@given(TEXT, TEXT, TEXT)
def test_any_name_and_message_makes_a_file_that_can_be_read(name: str, message: str, email: str) -> None:
    grades = [grade("s01", name, {"kl_gradient_formula": message}, email=email)]
    request = Request(grades, UNIT)
    for make in (moodle.gradebook, moodle.worksheet, plain.as_csv):
        (content,) = make(request).files.values()
        assert len(list(csv.reader(io.StringIO(content.decode(), newline="")))) == 2
    junit(junit_format.export(request).files["junit.xml"])
    gradescope_results(gradescope.export(request).files["gradescope/s01.json"])
    json.loads(plain.as_json(request).files["grades-final.json"])
