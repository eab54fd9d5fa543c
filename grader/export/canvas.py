"""Canvas: the CSV file that its gradebook imports.

An importer of Canvas finds a student by `ID`, else by `SIS User ID`, else by name, and an assignment by the number in brackets behind its title; a
title it does not know becomes a new assignment. Only the columns about the student and the one assignment are written, so that importing the file
can change nothing else.
"""

from __future__ import annotations

import re

from grader.errors import UsageError
from grader.export.matching import Identity, is_heading, match
from grader.export.request import Export, Request, number
from grader.export.tables import Table, write
from grader.model import Person

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
IDENTITIES = (
    Identity("ID", "canvas"),
    Identity("SIS User ID", "sis"),
    Identity("SIS Login ID", "login"),
    Identity("SIS Login ID", "email"),
    Identity("Student", "name"),
)
_ASSIGNMENT = re.compile(r".*\(\d+\)\s*", re.DOTALL)


def export(request: Request) -> Export:
    """The gradebook with the points in one column.

    Raises:
        UsageError: the template is no gradebook, or leaves open which assignment is meant.
    """
    return _from_template(request, request.template) if request.template else _from_scratch(request)


def _from_scratch(request: Request) -> Export:
    rows = [["    Points Possible", "", "", "", "", number(request.out_of or request.worth)]]
    for grade in request.grades:
        for person in grade.origin.people or (Person(grade.result.submission),):
            ids = [person.ids.get(kind, "") for kind in ("canvas", "sis", "login")]
            rows.append([person.name or grade.result.submission, *ids, "", number(request.points(grade))])
    remark = "made without --template: Canvas matches by ID, and asks about every student it does not know"
    return Export({"canvas.csv": write([*HEADER, request.assignment or request.unit.title], rows)}, (remark,))


def _from_template(request: Request, template: Table) -> Export:
    for required in ("Student", "ID", "Section"):
        template.demand(required)
    about_student = range(template.demand("Section") + 1)
    assignment = _assignment(request, template)
    matching = match(template, IDENTITIES, request.grades)
    rows = []
    for place, row in enumerate(template.rows):
        old = row[assignment] if assignment is not None else ""
        if is_heading(row):
            request.demand_maximum(old, f"{template.name}: {template.header[assignment] if assignment is not None else ''}")
            old = old or number(request.out_of or request.worth)
        points = request.points(matching.grades[place]) if place in matching.grades else None
        rows.append([*(row[column] for column in about_student), old if points is None else number(points)])
    title = template.header[assignment] if assignment is not None else request.assignment or request.unit.title
    header = [*(template.header[column] for column in about_student), title]
    return Export({"canvas.csv": write(header, rows, delimiter=template.delimiter, bom=template.bom)}, matching.remarks)


def _assignment(request: Request, template: Table) -> int | None:
    """The column of the assignment; None for a new one, which must have been asked for by its title."""
    columns = [column for column, title in enumerate(template.header) if column > template.demand("Section") and _ASSIGNMENT.fullmatch(title)]
    if request.assignment:
        titles = {column: template.header[column].strip() for column in columns}
        columns = [column for column, title in titles.items() if request.assignment in (title, title.rpartition("(")[0].strip())]
        if not columns:
            return None
    if len(columns) != 1:
        choice = ", ".join(repr(template.header[column]) for column in columns[:20]) or "none"
        raise UsageError(f"{template.name}: name the assignment that gets the points with --assignment; the file has {choice}")
    return columns[0]
