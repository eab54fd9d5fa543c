"""Moodle: the offline grading worksheet of an assignment, and the CSV file that its gradebook imports.

The worksheet's importer needs `Identifier` ('Participant 17'), `Grade` and `Last modified (grade)`, in the language of whoever imports, and refuses a
row whose grade was changed online after the worksheet was made: titles and that column are given back as they came. The gradebook's importer lets
staff say which column is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from grader.errors import UsageError
from grader.export import worksheet_columns
from grader.export.matching import Identity, match
from grader.export.request import Export, Request, comment, number
from grader.export.tables import Table, write
from grader.model import Grade, Person

WORKSHEET = (
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
)
GRADEBOOK = ("Username", "ID number", "Email address", "Full name")
GRADEBOOK_IDENTITIES = (Identity("Username", "login"), Identity("ID number", "sis"), Identity("Email address", "email"))


def worksheet(request: Request) -> Export:
    """The worksheet with grades and comments.

    Raises:
        UsageError: the template is no such worksheet, or has another maximum.
    """
    template = request.template
    if template is None:
        rows = [_worksheet_row(request, grade, person) for grade in request.grades for person in grade.origin.people]
        without = tuple(f"{grade.result.submission}: who handed it in is not known" for grade in request.grades if not grade.origin.people)
        return Export({"moodle-worksheet.csv": write(WORKSHEET, rows)}, without)
    columns = worksheet_columns.find(template)
    for row in template.rows:
        if columns.maximum is not None:
            request.demand_maximum(row[columns.maximum], template.name)
    export = _filled("moodle-worksheet.csv", request, template, columns.identities, columns.grade, columns.comments)
    if columns.comments is not None:
        return export
    return replace(export, remarks=(f"{template.name}: has no column that is known to be for comments; only grades were filled in", *export.remarks))


def gradebook(request: Request) -> Export:
    """A file for the gradebook's import.

    Raises:
        UsageError: the template has no column by which people are known, or leaves open which column gets the points.
    """
    title, template = request.assignment or request.unit.title, request.template
    if template is None:
        header = [*GRADEBOOK, title, f"{title} (feedback)"]
        rows = [
            [*(person.ids.get(kind, "") for kind in ("login", "sis", "email")), person.name or grade.result.submission, *_cells(request, grade)]
            for grade in request.grades
            for person in grade.origin.people or (Person(),)
        ]
        return Export({"moodle-gradebook.csv": write(header, rows)})
    if all(template.column(identity.column) is None for identity in GRADEBOOK_IDENTITIES):
        raise UsageError(f"{template.name}: has none of the columns Username, ID number and Email address; export it with one of them")
    column = template.column(title, f"Assignment: {title} (Real)", f"{title} (Real)")
    if column is None:
        names = ", ".join(repr(name) for name in template.header[:40])
        raise UsageError(f"{template.name}: name the column that gets the points with --assignment; the file has {names}")
    return _filled("moodle-gradebook.csv", request, template, GRADEBOOK_IDENTITIES, column, None)


def _filled(name: str, request: Request, template: Table, identities: Sequence[Identity], column: int, comments: int | None) -> Export:
    matching = match(template, identities, request.grades)
    rows = [list(row) for row in template.rows]
    for place, grade in matching.grades.items():
        points, remark = _cells(request, grade)
        rows[place][column] = points or rows[place][column]
        if comments is not None:
            rows[place][comments] = remark or rows[place][comments]
    return Export({name: write(template.header, rows, delimiter=template.delimiter, bom=template.bom)}, matching.remarks)


def _cells(request: Request, grade: Grade) -> tuple[str, str]:
    # Moodle takes remarks for HTML.
    return number(request.points(grade)), escape(comment(grade, request.unit), quote=False)


def _worksheet_row(request: Request, grade: Grade, person: Person) -> list[str]:
    identifier = f"Participant {person.ids['participant']}" if "participant" in person.ids else ""
    points, remark = _cells(request, grade)
    known = [identifier, person.name, person.ids.get("email", ""), ""]
    return [*known, points, number(request.out_of or grade.max_score), "Yes", "-", "-", remark]
