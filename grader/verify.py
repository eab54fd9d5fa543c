"""Proves the unit: catalogue, solutions, stubs, hidden and public checks agree with each other.

Reads what the package ships and grades it as any submission is graded; writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader import __version__, public_checks, release
from grader.checks import session
from grader.errors import GraderError, UnitError
from grader.intake import Entry, read
from grader.jobs import Executor, Task
from grader.model import CheckResult, Outcome, Result
from grader.results import Context
from grader.results.context import Isolation
from grader.unit import Unit, data_directory

UNTOUCHED = frozenset({Outcome.NOT_IMPLEMENTED, Outcome.MISSING})


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, and what contradicts it; nothing if it holds."""

    sentence: str
    contradictions: list[str] = field(default_factory=list)


def findings(unit: Unit, executor: Executor, seed: int, isolation: Isolation) -> Iterator[Finding]:
    """Every sentence, one after the other, as soon as it is decided.

    Raises:
        GraderError: nothing can be graded on this machine.
    """
    yield Finding("the solutions have the functions and signatures of unit.toml", _raised(lambda: release.verify_solutions_match_catalogue(unit)))
    yield Finding("exercises/ is what its sources make of it", _drift())
    solutions, stubs = _graded(unit, executor, Context(seed, __version__, session.fingerprint(), isolation))
    total, bonus = (sum(exercise.points for exercise in unit.exercises if exercise.bonus is wanted) for wanted in (False, True))
    lost = [_line(check) for check in _checks(solutions) if check.points < check.max_points]
    yield Finding(f"the solutions earn every point: {total:g}, and {bonus:g} of bonus", lost)
    every = _checks(stubs)
    written = [_line(check) for check in every if check.outcome not in UNTOUCHED]
    yield Finding(f"each of the {len(every)} checks calls the student's code, and finds the stubs not written yet", written)
    public = public_checks.run(data_directory("solutions"), unit)
    yield Finding(f"the {len(public)} public checks pass on the solutions", [f"{name}: {problem}" for _, name, problem in public if problem])
    public = public_checks.run(data_directory("exercises"), unit)
    yield Finding("no public check passes on the stubs", [f"{check.name}: passes on the stub" for check in public if not check.problem])


def _graded(unit: Unit, executor: Executor, context: Context) -> list[Result]:
    """The results of the solutions and of the stubs."""
    every = tuple(exercise.name for exercise in unit.exercises)
    folders = {"solutions": data_directory("solutions"), "stubs": data_directory("exercises")}
    tasks = [Task(read(_entry(name, folder), unit), every, context) for name, folder in folders.items()]
    results = {}
    for verdict in executor.grade(tasks):
        if verdict.reason:
            raise GraderError(f"the {verdict.result.submission} could not be graded:\n{verdict.reason}")
        results[verdict.result.submission] = verdict.result
    return [results[name] for name in folders]


def _entry(name: str, folder: Path) -> Entry:
    return Entry(folder, name, name)


def _checks(result: Result) -> list[CheckResult]:
    return [check for exercise in result.exercises for check in exercise.checks]


def _line(check: CheckResult) -> str:
    return f"{check.name}: {check.outcome.value}, {check.points:g} of {check.max_points:g}: {check.message}"


def _raised(proof: Callable[[], object]) -> list[str]:
    try:
        proof()
    except UnitError as error:
        return str(error).splitlines()
    return []


def _drift() -> list[str]:
    try:
        return release.drift()
    except UnitError as error:
        return str(error).splitlines()
