"""JUnit XML: a suite for each submission, a case for each check, as continuous integration and dashboards read it."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from grader.export.request import Export, Request, number
from grader.model import CheckResult, Grade, Outcome
from grader.text import printable

NAME_CHARACTERS = 255
MESSAGE_CHARACTERS = 2_000
# Where a value was there and is wrong JUnit says `failure`; where none came about, `error`.
FAILURES = (Outcome.FAILED, Outcome.FORBIDDEN, Outcome.MISSING, Outcome.NOT_IMPLEMENTED)


def export(request: Request) -> Export:
    """One document for the whole class."""
    root = Xml.Element("testsuites", name=request.unit.name)
    for grade in request.grades:
        _suite(root, grade)
    Xml.indent(root, " ")
    # Characters beyond ASCII are written as references, so that no reader can mistake the encoding.
    return Export({"junit.xml": Xml.tostring(root, encoding="us-ascii", xml_declaration=True) + b"\n"})


def _suite(root: Xml.Element, grade: Grade) -> None:
    result = grade.result
    checks = [(exercise.name, check) for exercise in result.exercises for check in exercise.checks]
    failures = sum(check.outcome in FAILURES for _, check in checks)
    errors = sum(check.outcome is not Outcome.PASSED for _, check in checks) - failures
    suite = Xml.SubElement(
        root,
        "testsuite",
        name=printable(result.submission, NAME_CHARACTERS),
        tests=str(len(checks)),
        failures=str(failures),
        errors=str(errors + (not checks)),
        skipped="0",
        time=f"{result.duration_s:.3f}",
    )
    properties = Xml.SubElement(suite, "properties")
    for name, value in (("status", result.status.value), ("score", number(grade.score)), ("max_score", number(grade.max_score))):
        Xml.SubElement(properties, "property", name=name, value=value)
    if not checks:
        case = Xml.SubElement(suite, "testcase", classname=result.status.value, name=printable(result.submission, NAME_CHARACTERS))
        Xml.SubElement(case, "error", message=printable(result.message, MESSAGE_CHARACTERS))
    for exercise, check in checks:
        _case(suite, exercise, check)


def _case(suite: Xml.Element, exercise: str, check: CheckResult) -> None:
    case = Xml.SubElement(suite, "testcase", classname=f"{exercise}.{check.function}", name=check.name)
    if check.outcome is Outcome.PASSED:
        return
    kind = "failure" if check.outcome in FAILURES else "error"
    problem = Xml.SubElement(case, kind, type=check.misconception or check.outcome.value, message=printable(check.message, MESSAGE_CHARACTERS))
    problem.text = "\n".join(printable(line, MESSAGE_CHARACTERS) for line in check.message.splitlines())
