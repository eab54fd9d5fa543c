"""A student's feedback as a page: points, what each check found, the known mistake by name, the student's own lines, pictures.

Reads a grade and what was kept of the submission; runs nothing. The page works without a network, without scripts, on paper and on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from grader.model import CheckResult, ExerciseResult, Grade, Observed, Outcome, Picture
from grader.report import pages
from grader.report.drawing import Drawing, drawing
from grader.report.source import MarkedListing, definition, marked, pointed_at
from grader.report.terminal import OUTCOMES
from grader.unit import Unit

# How a message begins that says what a function was called with.
_CALL = re.compile(r"`\w+`, called with [^:]{0,200}: ")
OUTCOME_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "wrong value",
    Outcome.ERROR: "exception",
    Outcome.TIMEOUT: "too slow",
    Outcome.CRASHED: "crashed",
    Outcome.MISSING: "missing",
    Outcome.NOT_IMPLEMENTED: "not implemented",
    Outcome.FORBIDDEN: "autograd used",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Checks in a row with one cause, which is explained once.

    `links` lead to the lines that the message names: (label, anchor). `same_as` is the function at which the exercise had this very cause before.
    """

    checks: tuple[CheckResult, ...]
    message: tuple[str, ...]
    misconception: str | None
    links: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[Picture, Drawing], ...]
    same_as: str = ""

    @property
    def outcome(self) -> Outcome:
        """Of all its checks."""
        return self.checks[0].outcome


@dataclass(frozen=True, slots=True)
class FunctionView:
    """One function: `passed` checks are a line, `findings` are explained, `waiting` are not judged before another check passes."""

    name: str
    score: float
    max_score: float
    passed: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    waiting: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """One exercise with its final points, functions and source."""

    name: str
    title: str
    bonus: bool
    score: float
    max_score: float
    functions: tuple[FunctionView, ...]
    listings: tuple[MarkedListing, ...]

    @property
    def share(self) -> float:
        """How much of it was earned, from 0 to 1."""
        return min(1.0, self.score / self.max_score) if self.max_score else 0.0


def page(grade: Grade, observed: Observed, unit: Unit) -> bytes:
    """The page for one submission."""
    points = grade.exercises
    views = [_exercise(exercise, points[exercise.name], observed, unit) for exercise in grade.result.exercises]
    return pages.render(
        "student.html",
        grade=grade,
        result=grade.result,
        unit=unit,
        exercises=views,
        outcomes={outcome.value: (OUTCOMES[outcome][0], words) for outcome, words in OUTCOME_WORDS.items()},
    )


def _exercise(exercise: ExerciseResult, points: float, observed: Observed, unit: Unit) -> ExerciseView:
    listings = tuple(marked(exercise.name, observed.listings.get(exercise.name, ()), exercise.checks))
    explained: dict[str, str] = {}
    functions = tuple(
        _function(name, tuple(checks), listings, observed, unit, explained)
        for name, checks in groupby(exercise.checks, key=lambda check: check.function)
    )
    title = {known.name: known.title for known in unit.exercises}.get(exercise.name, exercise.name)
    return ExerciseView(exercise.name, title, exercise.bonus, points, exercise.max_score, functions, listings)


def _function(
    name: str, checks: tuple[CheckResult, ...], listings: tuple[MarkedListing, ...], observed: Observed, unit: Unit, explained: dict[str, str]
) -> FunctionView:
    passed = tuple(check for check in checks if check.outcome is Outcome.PASSED)
    required = {check.name: check.requires for exercise in unit.exercises for known in exercise.functions for check in known.checks}
    failed = {check.name: check for check in checks if check.outcome is not Outcome.PASSED}
    waiting = tuple(check for check in failed.values() if required.get(check.name) in failed)
    findings = []
    for cause, group in groupby((check for check in failed.values() if check not in waiting), key=_cause):
        findings.append(_finding(tuple(group), listings, observed, explained.get(cause, "")))
        explained.setdefault(cause, name)
    score, max_score = sum(check.points for check in checks), sum(check.max_points for check in checks)
    return FunctionView(name, score, max_score, passed, tuple(findings), waiting)


def _cause(check: CheckResult) -> str:
    """Checks that share it are explained once: one known mistake, or one message, whatever the function was called with."""
    return f"{check.outcome} {check.misconception or _CALL.sub('', check.message)}"


def _finding(checks: tuple[CheckResult, ...], listings: tuple[MarkedListing, ...], observed: Observed, before: str) -> Finding:
    first = checks[0]
    pictures = [observed.pictures[check.name] for check in checks if check.name in observed.pictures]
    drawings = tuple((picture, drawn) for picture in pictures if (drawn := drawing(picture)) is not None)
    links = dict.fromkeys(link for listing in listings for link in _links(first, listing))
    same_as = before if before != first.function else ""
    return Finding(checks, tuple(first.message.splitlines()), first.misconception, tuple(links), drawings, same_as)


def _links(check: CheckResult, listing: MarkedListing) -> Iterator[tuple[str, str]]:
    """Where to look in a listing: the lines that the message names, or else the function's own."""
    named = sorted({line for line in pointed_at(check.message, listing.place) if line <= len(listing.lines)})
    for line in named:
        yield f"{listing.place}, line {line}", f"{listing.anchor}-{line}"
    own = definition(["".join(text for _, text in line.pieces) for line in listing.lines], check.function)
    if own and not named:
        yield f"{check.function} in {listing.place}, line {own[0]}", f"{listing.anchor}-{own[0]}"
