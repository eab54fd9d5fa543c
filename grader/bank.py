"""The bank of submissions whose verdict is known: student work as data, with what must come of it beside it.

Reads `right/`, `wrong/` and `partial/` folders (what they mean stands in the bank's README.md) and compares a grading with what they expect.
`grade verify` runs it for an instructor who edited points, walk-through or checks; the test-suite runs it for us. What a check is worth hangs on
this: one that no wrong submission fails proves nothing, and two that always fail together are one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from grader.errors import UnitError
from grader.intake import Entry, read
from grader.model import CheckResult, ExerciseResult, Outcome, Submission
from grader.unit import Unit, data_directory

KINDS = ("right", "wrong", "partial")


@dataclass(frozen=True, slots=True)
class Case:
    """One folder. `exercises`: those that are judged, which are all of them for `partial` and those it brings along otherwise."""

    kind: str
    folder: Path
    exercises: tuple[str, ...]
    outcomes: Mapping[str, str]
    misconception: str | None

    @property
    def name(self) -> str:
        """Kind and folder."""
        return f"{self.kind}/{self.folder.name}"


def cases(unit: Unit) -> list[Case]:
    """Every folder of the bank, in the order of kinds and names.

    Raises:
        UnitError: there is no bank, or a folder's expected.json cannot be read or names a check that does not exist.
    """
    bank = data_directory("bank")
    found = [_case(kind, folder, unit) for kind in KINDS for folder in sorted((bank / kind).glob("*/"))]
    if not found:
        raise UnitError(f"{bank}: no submissions with known verdicts are here; reinstall the package")
    return found


def submission(case: Case, unit: Unit, place: Path) -> Submission:
    """The case's files laid over the solutions in an empty folder `place`, read as any submission is."""
    shutil.copytree(case.folder, place, ignore=lambda *_: ["expected.json"], dirs_exist_ok=True)
    for exercise in unit.exercises:
        if exercise.name not in _brought(case.folder, unit):
            shutil.copy(data_directory("solutions") / f"{exercise.name}.py", place)
    return read(Entry(place, case.folder.name, case.folder.name), unit)


def contradictions(case: Case, results: Iterable[ExerciseResult]) -> Iterator[str]:
    """What differs between a grading and what the case expects; nothing if all is as it should be."""
    checks = {check.name: check for exercise in results for check in exercise.checks}
    for name, check in checks.items():
        wanted = case.outcomes.get(name, str(Outcome.PASSED))
        if check.outcome != wanted:
            yield f"{case.name}: {name} is {check.outcome}, must be {wanted}: {check.message}"
    if case.kind == "wrong":
        named = {check.misconception for check in checks.values()} - {None}
        if named != {case.misconception} - {None}:
            yield f"{case.name}: names {sorted(map(str, named)) or 'no mistake'}, must name {case.misconception or 'none'}"


def unexercised(unit: Unit, every: Iterable[Case]) -> list[str]:
    """Checks that no submission of the bank fails."""
    failed = {name for case in every for name in case.outcomes}
    return [name for name in _check_names(unit) if name not in failed]


def always_together(graded: Iterable[Iterable[CheckResult]]) -> list[tuple[str, str]]:
    """Pairs of checks that failed on the very same submissions: as far as the bank can tell, one check."""
    failures: dict[str, set[int]] = {}
    for number, checks in enumerate(graded):
        for check in checks:
            if check.outcome is Outcome.FAILED:
                failures.setdefault(check.name, set()).add(number)
    return [(one, other) for one, other in combinations(failures, 2) if failures[one] == failures[other]]


def _case(kind: str, folder: Path, unit: Unit) -> Case:
    file = folder / "expected.json"
    try:
        expected: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnitError(f"{file}: cannot be read as JSON: {error}") from error
    outcomes = dict.fromkeys(expected.get("fails", ()), expected.get("outcome", "failed")) | expected.get("outcomes", {})
    for name in outcomes.keys() - set(_check_names(unit)):
        raise UnitError(f"{file}: {name}: unit.toml has no such check; rename it here as well")
    names = tuple(exercise.name for exercise in unit.exercises)
    for check in (check for exercise in unit.exercises for function in exercise.functions for check in function.checks):
        if check.requires in outcomes:
            outcomes.setdefault(check.name, outcomes[check.requires])
    judged = names if kind == "partial" else tuple(name for name in names if name in _brought(folder, unit))
    return Case(kind, folder, judged, outcomes, expected.get("misconception"))


def _brought(folder: Path, unit: Unit) -> Collection[str]:
    """The exercises of which the folder has a file of its own."""
    return {exercise.name for exercise in unit.exercises} & {path.stem for path in folder.rglob("*") if path.suffix in (".py", ".ipynb")}


def _check_names(unit: Unit) -> list[str]:
    return [check.name for exercise in unit.exercises for function in exercise.functions for check in function.checks]
