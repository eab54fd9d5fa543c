from __future__ import annotations

import csv
import io

import pytest
from class_of import UNIT, adjusted, grade
from readers import moodle_worksheet_import

from grader.errors import UsageError
from grader.export import Request, moodle
from grader.export.tables import read
from grader.model import Status

WORKSHEET = """\
Identifier,"Full name","Email address",Status,Group,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 17","Jane Doe",jane@example.org,"Submitted for grading",G1,,100.00,Yes,"Friday, 20 November 2026, 9:00 PM",-,
"Participant 18","Zoë O'Neill",zoe@example.org,"Submitted for grading",G1,61.00,100.00,Yes,-,"Saturday, 21 November 2026, 9:00 AM","see me"
"Participant 19","Ben Müller",ben@example.org,"No submission",G2,,100.00,Yes,-,-,
"""
ONLINE = {"Participant 18": "Saturday, 21 November 2026, 9:00 AM"}
GRADEBOOK = """\
First name,Last name,ID number,Institution,Email address,Assignment: Reparameterization (Real),Last downloaded from this course
Jane,Doe,m-1,,jane@example.org,-,1790000000
Zoë,O'Neill,m-2,,zoe@example.org,-,1790000000
"""


def test_the_worksheet_gets_grades_and_comments_and_keeps_the_rest() -> None:
    grades = [adjusted("Jane Doe_17", "kl", 2.0, penalty=0.2, participant="17"), grade("ben", email="BEN@example.org")]
    made = moodle.worksheet(Request(grades, UNIT, read(WORKSHEET.encode(), "worksheet.csv")))
    changed = moodle_worksheet_import(made.files["moodle-worksheet.csv"], ONLINE)
    points, remark = changed[17]
    assert points == pytest.approx(0.8 * 98.0)
    assert "kl: +2 by tara: the idea was right" in remark
    assert "The reciprocal is missing." in remark
    assert "20 % less" in remark
    assert changed[18] == (61.0, "see me")
    assert changed[19][0] == 100.0
    assert any("Zoë" in remark for remark in made.remarks)


def test_a_worksheet_that_nothing_fits_comes_back_unchanged() -> None:
    made = moodle.worksheet(Request([], UNIT, read(WORKSHEET.encode(), "worksheet.csv")))
    rows = [list(csv.reader(io.StringIO(text))) for text in (WORKSHEET, made.files["moodle-worksheet.csv"].decode())]
    assert rows[0] == rows[1]


def test_a_worksheet_out_of_ten_is_refused_until_points_are_converted() -> None:
    template = read(WORKSHEET.replace("100.00", "10.00").replace("61.00", "6.00").encode(), "worksheet.csv")
    with pytest.raises(UsageError, match="--out-of 10"):
        moodle.worksheet(Request([grade("a", participant="17")], UNIT, template))
    made = moodle.worksheet(Request([grade("a", participant="17")], UNIT, template, out_of=10.0))
    assert moodle_worksheet_import(made.files["moodle-worksheet.csv"], ONLINE)[17][0] == 10.0


GERMAN = """\
ID,"Vollständiger Name",E-Mail-Adresse,Status,Gruppe,Bewertung,Bestwertung,"Bewertung kann geändert werden",\
"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in17,"Jane Doe",jane@example.org,"Zur Bewertung abgegeben",G1,,"100,00",Ja,"Freitag, 20. November 2026, 21:00",-,
Teilnehmer/in18,"Zoë O'Neill",zoe@example.org,"Zur Bewertung abgegeben",G1,"61,00","100,00",Ja,-,"Samstag, 21. November 2026, 9:00","bitte melden"
Teilnehmer/in19,"Ben Müller",ben@example.org,"Keine Abgabe",G2,,"100,00",Ja,-,-,
"""
# Blind marking, a workflow state, the submission's text, and no column for comments.
FRENCH = """\
Identifiant;Statut;Note;"Note maximale";"État";"La note peut être modifiée";"Dernière modification (travail remis)";\
Texte;"Dernière modification (note)"
"Participant 17";"Remis pour évaluation";;"100,00";"Non évalué";Oui;-;"";-
"Participant 18";"Remis pour évaluation";-;"100,00";"Non évalué";Oui;-;"4";-
"""


def test_a_worksheet_in_another_language_is_understood_by_position_and_keeps_its_titles() -> None:
    grades = [grade("a", participant="17", wrong={"kl_gradient_formula": "The reciprocal is missing."}), grade("ben", email="BEN@example.org")]
    made = moodle.worksheet(Request(grades, UNIT, read(GERMAN.encode(), "worksheet.csv")))
    before, after = (list(csv.reader(io.StringIO(text))) for text in (GERMAN, made.files["moodle-worksheet.csv"].decode()))
    assert after[0] == before[0]
    assert [row[5] for row in after[1:]] == ["96", "61,00", "100"]
    assert "The reciprocal is missing." in after[1][10]
    assert after[2] == before[2]
    assert [row[:5] + row[6:10] for row in after] == [row[:5] + row[6:10] for row in before]
    assert any("Zoë" in remark for remark in made.remarks)


def test_where_the_comments_go_is_not_guessed() -> None:
    made = moodle.worksheet(Request([grade("a", participant="18")], UNIT, read(FRENCH.encode(), "notes.csv")))
    before, after = (list(csv.reader(io.StringIO(text), delimiter=";")) for text in (FRENCH, made.files["moodle-worksheet.csv"].decode()))
    assert after[2][2] == "100"
    assert [row[:2] + row[3:] for row in after] == [row[:2] + row[3:] for row in before]
    assert "comments" in made.remarks[0]


@pytest.mark.parametrize(
    "text",
    [
        "Name,Note,Maximum\nJane,,100\n",
        GERMAN.replace("Teilnehmer/in18", "Zoë18"),
        GERMAN.replace('"100,00"', "bestanden"),
        GERMAN.partition("\n")[0] + "\n",
    ],
)
def test_what_cannot_be_told_apart_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(UsageError, match="set Moodle's language to English"):
        moodle.worksheet(Request([], UNIT, read(text.encode(), "worksheet.csv")))


def test_without_a_template_the_worksheet_has_the_importers_columns() -> None:
    made = moodle.worksheet(Request([grade("Jane Doe_17", "Jane Doe", participant="17"), grade("plain")], UNIT))
    assert moodle_worksheet_import(made.files["moodle-worksheet.csv"], {})[17][0] == 100.0
    assert made.remarks == ("plain: who handed it in is not known",)


def test_the_gradebook_is_filled_by_id_number_or_email_address() -> None:
    grades = [grade("a", sis="m-1"), grade("b", email="zoe@example.org")]
    made = moodle.gradebook(Request(grades, UNIT, read(GRADEBOOK.encode(), "grades.csv"), "Reparameterization"))
    rows = list(csv.DictReader(io.StringIO(made.files["moodle-gradebook.csv"].decode())))
    assert [row["Assignment: Reparameterization (Real)"] for row in rows] == ["100", "100"]
    assert [row["Last downloaded from this course"] for row in rows] == ["1790000000"] * 2


def test_no_grade_stays_a_dash() -> None:
    made = moodle.gradebook(Request([grade("a", status=Status.FAULT, sis="m-1")], UNIT, read(GRADEBOOK.encode(), "grades.csv"), "Reparameterization"))
    assert [row[5] for row in csv.reader(io.StringIO(made.files["moodle-gradebook.csv"].decode()))][1:] == ["-", "-"]


def test_a_gradebook_must_say_who_and_where() -> None:
    with pytest.raises(UsageError, match="--assignment"):
        moodle.gradebook(Request([], UNIT, read(GRADEBOOK.encode(), "grades.csv"), "Other"))
    with pytest.raises(UsageError, match="ID number"):
        moodle.gradebook(Request([], UNIT, read(b"First name,Grade\nJane,1\n", "grades.csv"), "Grade"))


def test_html_in_a_message_reaches_moodle_as_text() -> None:
    hostile = grade("a", "Jane", {"kl_gradient_formula": "ValueError: <img src=x onerror=alert(1)> & sigma < 0"}, participant="17")
    made = moodle.worksheet(Request([hostile], UNIT))
    remark = moodle_worksheet_import(made.files["moodle-worksheet.csv"], {})[17][1]
    assert "<" not in remark
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; sigma &lt; 0" in remark
