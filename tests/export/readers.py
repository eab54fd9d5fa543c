"""Readers that follow the importers' own rules, written from their sources and not from what the package writes."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as Xml


def canvas_import(content: bytes, enrolled: dict[str, dict[str, str]], assignments: dict[str, str]) -> dict[str, dict[str, float]]:
    """What Canvas's gradebook importer would change: {user id: {assignment id or new title: points}}.

    Canvas demands the columns Student, ID and Section; `enrolled` maps user ids to 'sis' and 'name', `assignments` titles to ids.
    """
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    header = lines[0]
    assert header[:2] == ["Student", "ID"]
    assert "Section" in header
    first = header.index("Section") + 1
    changed: dict[str, dict[str, float]] = {}
    for line in lines[1:]:
        if line[0].strip() == "Points Possible":
            continue
        row = dict(zip(header, line, strict=True))
        user = row["ID"] if row["ID"] in enrolled else None
        user = user or next((one for one, known in enrolled.items() if known["sis"] and known["sis"] == row.get("SIS User ID")), None)
        user = user or next((one for one, known in enrolled.items() if known["name"] == row["Student"]), None)
        for title in header[first:]:
            match = re.fullmatch(r"(.*) \((\d+)\)", title)
            assignment = match[2] if match and match[2] in assignments.values() else assignments.get(title, title)
            if user and row[title] not in ("", "EX"):
                changed.setdefault(user, {})[assignment] = float(row[title])
    return changed


def moodle_worksheet_import(content: bytes, online: dict[str, str]) -> dict[int, tuple[float, str]]:
    """What Moodle's offline grading import would change: {participant: (grade, comment)}.

    It demands the columns Identifier, Grade and 'Last modified (grade)', skips empty and '-' grades, refuses a grade above the maximum, and a row
    whose grade was modified online since (`online` maps identifiers to the time of the last modification).
    """
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    header = lines[0]
    for required in ("Identifier", "Grade", "Last modified (grade)"):
        assert required in header
    changed = {}
    for line in lines[1:]:
        row = dict(zip(header, line, strict=True))
        number = re.fullmatch(r"Participant (\d+)", row["Identifier"])
        assert number
        assert row["Last modified (grade)"] == online.get(row["Identifier"], "-")
        if row["Grade"] not in ("", "-"):
            assert float(row["Grade"]) <= float(row["Maximum Grade"])
            changed[int(number[1])] = (float(row["Grade"]), row["Feedback comments"])
    return changed


def gradescope_results(content: bytes) -> dict[str, Any]:
    """The document, if Gradescope's autograder harness takes it."""
    table = json.loads(content)
    known = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility", "stdout_visibility"}
    assert set(table) <= known | {"extra_data", "tests", "leaderboard"}
    assert isinstance(table["score"], (int, float))
    of_tests = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility", "extra_data"}
    visibilities = {"visible", "hidden", "after_due_date", "after_published"}
    formats = {"text", "html", "simple_format", "md", "ansi"}
    assert {table["output_format"], table["test_output_format"], table["test_name_format"]} <= formats
    assert {table["visibility"], table["stdout_visibility"]} <= visibilities
    for test in table["tests"]:
        assert set(test) <= of_tests
        assert test["visibility"] in visibilities
        assert test["status"] in ("passed", "failed")
        assert isinstance(test["number"], str)
        assert all(isinstance(tag, str) for tag in test["tags"])
    return table


def junit(content: bytes) -> dict[str, dict[str, str]]:
    """{suite: {case: 'passed', 'failure' or 'error'}}, with the counts checked."""
    found = {}
    for suite in Xml.fromstring(content).iter("testsuite"):  # noqa: S314  # our own document
        cases = {f"{case.get('classname')}.{case.get('name')}": next((child.tag for child in case), "passed") for case in suite.iter("testcase")}
        assert suite.get("failures") == str(list(cases.values()).count("failure"))
        assert suite.get("errors") == str(list(cases.values()).count("error"))
        found[str(suite.get("name"))] = cases
    return found
