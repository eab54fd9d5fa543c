"""Proves the unit: catalogue, solutions, stubs, hidden and public checks agree with each other.

Reads what the package ships and grades it as any submission is graded; writes nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import __version__, bank, public_checks, release
from grader.checks.fingerprint import fingerprints
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
    """One sentence, and what contradicts it; nothing if it holds. `notes` are for the instructor to weigh, and contradict nothing."""

    sentence: str
    contradictions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def findings(unit: Unit, executor: Executor, seed: int, isolation: Isolation) -> Iterator[Finding]:
    """Every sentence, one after the other, as soon as it is decided.

    Raises:
        GraderError: nothing can be graded on this machine.
    """
    yield Finding("the solutions have the functions and signatures of unit.toml", _raised(lambda: release.verify_solutions_match_catalogue(unit)))
    yield Finding("exercises/ is what its sources make of it", _drift())
    solutions, stubs = _graded(unit, executor, Context(seed, __version__, fingerprints(unit), isolation))
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


def bank_findings(unit: Unit, executor: Executor, seed: int, isolation: Isolation) -> Iterator[Finding]:
    """The same for the bank: a thousand right and wrong submissions get the verdicts they must get. Takes a minute or two.

    Raises:
        GraderError: nothing can be graded on this machine, or the bank is missing.
    """
    every = bank.cases(unit)
    missed = [f"{name}: add a wrong submission that fails it, or remove the check" for name in bank.unexercised(unit, every)]
    yield Finding("every check is failed by a wrong submission of the bank", missed)
    graded = graded_bank(unit, executor, Context(seed, __version__, fingerprints(unit), isolation), every)
    wrong = [line for case in every for line in bank.contradictions(case, graded[case.name].exercises)]
    yield Finding(f"{len(every)} submissions of the bank are judged as they must be", wrong)
    pairs = bank.always_together([_checks(result) for result in graded.values()])
    yield Finding("no two checks always fail together", notes=[f"{one} and {other}: the bank cannot tell them apart" for one, other in pairs])


def graded_bank(unit: Unit, executor: Executor, context: Context, every: Sequence[bank.Case]) -> dict[str, Result]:
    """The results of these cases, by their names.

    Raises:
        GraderError: nothing can be graded on this machine, or one of them ended as a fault.
    """

    def tasks() -> Iterator[Task]:
        for number, case in enumerate(every):
            with tempfile.TemporaryDirectory(prefix="grade-bank-") as place:
                submission = bank.submission(case, unit, Path(place))
            # Kinds may share a folder's name, which is what the verdicts come back under.
            yield Task(replace(submission, name=case.name, file_name=f"case-{number}"), case.exercises, context)

    results = {}
    for verdict in executor.grade(tasks()):
        if verdict.reason:
            raise GraderError(f"{verdict.result.submission} could not be graded:\n{verdict.reason}")
        results[verdict.result.submission] = verdict.result
    return results


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
