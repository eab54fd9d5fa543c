"""Every small mistake in a solution costs points: the checks are tested by the mistakes they must catch.

All mutants are graded in one run, each only in its exercise. Those that pass everything must stand in `equivalent.toml` with the reason why they are
no mistakes at all. Since a check depends on its function alone, one submission carries mutants of several functions, as long as none of them uses
another: the points that are lost then say which of them was caught.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from mutate import Mutant, callers, mutants, with_definitions

from grader.checks import session
from grader.model import Outcome, Program, Source, Submission
from grader.sandbox.client import Sandbox
from grader.unit import current, data_directory

SEED = 20260101
# A mutant that loops forever is caught as well by a second as by five.
UNIT = dataclasses.replace(current(), limits=dataclasses.replace(current().limits, call_seconds=1))
SOLUTIONS = {exercise.name: data_directory("solutions") / f"{exercise.name}.py" for exercise in UNIT.exercises}
CALLERS = {path.name: callers(path) for path in SOLUTIONS.values()}
MUTANTS = [mutant for path in SOLUTIONS.values() for mutant in mutants(path)]
Name = tuple[str, str, str, str]


def name_of(mutant: Mutant) -> Name:
    return mutant.file, mutant.function, mutant.line, mutant.change


def equivalent() -> dict[Name, str]:
    """The mutants that are no mistakes, with the reasons."""
    table = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
    return {(row["file"], row["function"], row["line"], row["change"]): row["reason"] for row in table["equivalent"]}


def groups(exercise: str) -> Iterator[list[Mutant]]:
    """The mutants of an exercise, as many together as do not touch the same function of it."""
    waiting: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants(SOLUTIONS[exercise]):
        waiting[mutant.function].append(mutant)
    while any(waiting.values()):
        group: list[Mutant] = []
        touched: set[str] = set()
        for function in sorted(waiting, key=lambda function: -len(waiting[function])):
            affected = CALLERS[f"{exercise}.py"][function]
            if waiting[function] and touched.isdisjoint(affected):
                group.append(waiting[function].pop())
                touched |= affected
        yield group


@pytest.fixture(scope="module")
def lost() -> dict[Name, frozenset[str]]:
    """For each mutant, the functions that lost points by it. What no mutant of a submission explains is put down to all of them."""
    found: dict[Name, frozenset[str]] = {}
    sources = {name: Source(path.name, path.read_bytes()) for name, path in SOLUTIONS.items()}

    def grade_all(grade: session.Grade) -> None:
        for exercise, path in SOLUTIONS.items():
            others = {name: source for name, source in sources.items() if name != exercise}
            for group in groups(exercise):
                code = with_definitions(path, {mutant.function: mutant.definition for mutant in group}).encode()
                program = Program(exercise, Source(path.name, code), others)
                student = sandbox.student(Submission("mutants", "mutants", {exercise: program}, "0" * 64))
                try:
                    (result,) = grade(student, SEED, [exercise])
                finally:
                    student.close()
                losers = {check.function for check in result.checks if check.outcome is not Outcome.PASSED}
                affected = {mutant: CALLERS[path.name][mutant.function] for mutant in group}
                nobodys = losers.difference(*affected.values())
                found.update({name_of(mutant): frozenset(losers & functions | nobodys) for mutant, functions in affected.items()})

    with Sandbox(UNIT) as sandbox:
        session.run(UNIT, grade_all)
    return found


def test_every_exercise_has_mutants_and_each_has_a_name_of_its_own() -> None:
    assert {mutant.file for mutant in MUTANTS} == {path.name for path in SOLUTIONS.values()}
    assert len({name_of(mutant) for mutant in MUTANTS}) == len(MUTANTS)


def test_every_mutant_that_is_a_mistake_loses_points(lost: dict[Name, frozenset[str]]) -> None:
    assert len(lost) == len(MUTANTS)
    assert {name for name, functions in lost.items() if not functions} - set(equivalent()) == set()


def test_what_is_listed_as_no_mistake_is_there_and_loses_nothing(lost: dict[Name, frozenset[str]]) -> None:
    assert {name for name in equivalent() if name not in lost or lost[name]} == set()


def test_a_mistake_costs_only_functions_that_use_the_mutated_one(lost: dict[Name, frozenset[str]]) -> None:
    assert {name: functions for name, functions in lost.items() if not functions <= CALLERS[name[0]][name[1]]} == {}
