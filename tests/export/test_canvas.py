from __future__ import annotations

import csv
import io

import pytest
from class_of import UNIT, adjusted, grade
from readers import canvas_import

from grader.errors import UsageError
from grader.export import Export, Request, canvas
from grader.export.tables import read
from grader.model import Grade, Origin, Person, Status

GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (7),Reparameterization (4711),Current Score
    Points Possible,,,,,10,100,(read only)
"Doe, Jane",101,s-1,jdoe,"Vorlesung, Gruppe 1",9,,88
"O'Neill, Zoë",102,s-2,zoe,Group 2,8,55,77
"Müller, Ben",103,s-3,ben,Group 2,,,
"Student, Test",999,,,Group 2,,,
"""
ENROLLED = {
    number: {"sis": f"s-{number[-1]}", "name": name} for number, name in (("101", "Doe, Jane"), ("102", "O'Neill, Zoë"), ("103", "Müller, Ben"))
}
ASSIGNMENTS = {"Essay": "7", "Reparameterization": "4711"}


def exported(*grades: Grade, template: str | None = GRADEBOOK, assignment: str | None = "Reparameterization", out_of: float | None = None) -> Export:
    table = read(template.encode(), "gradebook.csv") if template else None
    return canvas.export(Request(grades, UNIT, table, assignment, out_of))


def test_every_student_gets_their_points_in_the_one_assignment_and_nothing_else_changes() -> None:
    made = exported(grade("doejane_101", canvas="101"), adjusted("ben", "kl", 2.0, sis="S-3"))
    changed = canvas_import(made.files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert changed == {"101": {"4711": 100.0}, "102": {"4711": 55.0}, "103": {"4711": 98.0}}


def test_the_template_comes_back_as_it_was_but_for_the_points() -> None:
    made = exported()
    before = list(csv.reader(io.StringIO(GRADEBOOK)))
    after = list(csv.reader(io.StringIO(made.files["canvas.csv"].decode())))
    assert after == [[*line[:5], line[6]] for line in before]


def test_rows_and_submissions_without_a_partner_are_reported() -> None:
    made = exported(grade("doejane_101", "doejane", canvas="101"), grade("stranger", "Nobody Known", canvas="555"))
    assert any("Nobody Known" in remark and "no row" in remark for remark in made.remarks)
    assert any("O'Neill" in remark for remark in made.remarks)
    assert not any("Points Possible" in remark or "Doe, Jane" in remark for remark in made.remarks)


def test_a_plain_folder_is_matched_by_its_name_where_that_is_an_id() -> None:
    changed = canvas_import(exported(grade("zoe")).files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert changed["102"] == {"4711": 100.0}


def test_ids_that_lead_to_different_rows_fill_none_of_them() -> None:
    made = exported(grade("mixed", "Jane", canvas="101", sis="s-3"))
    assert canvas_import(made.files["canvas.csv"], ENROLLED, ASSIGNMENTS) == {"102": {"4711": 55.0}}
    assert any("fits 2 rows" in remark for remark in made.remarks)


def test_two_submissions_for_one_row_fill_it_with_neither() -> None:
    made = exported(grade("first", canvas="101"), grade("second", canvas="101"))
    assert "101" not in canvas_import(made.files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert any("fits 2 submissions" in remark for remark in made.remarks)


def test_a_group_gets_its_points_in_every_members_row() -> None:
    group = Grade(grade("group").result, 100.0, Origin((Person("Jane", {"canvas": "101"}), Person("Ben", {"canvas": "103"}))))
    changed = canvas_import(exported(group).files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert (changed["101"], changed["103"]) == ({"4711": 100.0}, {"4711": 100.0})


def test_the_graders_own_fault_leaves_the_old_points() -> None:
    changed = canvas_import(exported(grade("zoe", status=Status.FAULT, canvas="102")).files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert changed["102"] == {"4711": 55.0}


def test_an_assignment_must_be_named_where_there_are_several() -> None:
    with pytest.raises(UsageError, match=r"--assignment.*Essay \(7\).*Reparameterization \(4711\)"):
        exported(assignment=None)


def test_an_unknown_title_becomes_a_column_of_its_own() -> None:
    changed = canvas_import(exported(grade("a", canvas="101"), assignment="New one").files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert changed == {"101": {"New one": 100.0}}


def test_points_on_another_scale_are_refused_and_converted_on_demand() -> None:
    with pytest.raises(UsageError, match="--out-of 10"):
        exported(grade("a", canvas="101"), assignment="Essay")
    changed = canvas_import(exported(grade("a", canvas="101"), assignment="Essay", out_of=10.0).files["canvas.csv"], ENROLLED, ASSIGNMENTS)
    assert changed["101"] == {"7": 10.0}


def test_without_a_template_the_ids_that_are_known_are_written() -> None:
    made = exported(grade("doejane_101", "doejane", canvas="101"), template=None, assignment="Reparameterization (4711)")
    assert canvas_import(made.files["canvas.csv"], ENROLLED, ASSIGNMENTS) == {"101": {"4711": 100.0}}


def test_a_file_from_a_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read_and_written_alike() -> None:
    before = list(csv.reader(io.StringIO(GRADEBOOK)))
    spreadsheet = io.StringIO()
    csv.writer(spreadsheet, delimiter=";").writerows(before)
    content = exported(grade("a", canvas="101"), template="\ufeff" + spreadsheet.getvalue()).files["canvas.csv"]
    assert content.startswith(b"\xef\xbb\xbfStudent;ID;")
    after = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    points = ["Reparameterization (4711)", "100", "100", "55", "", ""]
    assert after == [[*line[:5], cell] for line, cell in zip(before, points, strict=True)]


def test_what_is_no_gradebook_is_refused_with_the_missing_column() -> None:
    with pytest.raises(UsageError, match="no column 'Student'"):
        exported(template="Name,Points\nJane,3\n")
    with pytest.raises(UsageError, match="empty"):
        exported(template="\n")
