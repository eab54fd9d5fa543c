"""Every small mistake in a solution costs points: the checks are tested by the mistakes they must catch.

All mutants are graded in one run, each only in its exercise. Those that pass everything must stand in `equivalent.toml` with the reason why they are
no mistakes at all.
"""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest
from mutate import Mutant, callers, mutants

from grader.checks import session
from grader.model import ExerciseResult, Outcome, Program, Source, Submission
from grader.sandbox.client import Sandbox
from grader.unit import current, data_directory

SEED = 20260101
# A mutant that loops forever is caught as well by a second as by five.
UNIT = dataclasses.replace(current(), limits=dataclasses.replace(current().limits, call_seconds=1))
SOLUTIONS = {exercise.name: data_directory("solutions") / f"{exercise.name}.py" for exercise in UNIT.exercises}
MUTANTS = [mutant for path in SOLUTIONS.values() for mutant in mutants(path)]
Name = tuple[str, str, str, str]


def name_of(mutant: Mutant) -> Name:
    return mutant.file, mutant.function, mutant.line, mutant.change


def equivalent() -> dict[Name, str]:
    """The mutants that are no mistakes, with the reasons."""
    table = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
    return {(row["file"], row["function"], row["line"], row["change"]): row["reason"] for row in table["equivalent"]}


@pytest.fixture(scope="module")
def verdicts() -> dict[Name, ExerciseResult]:
    """What became of each mutant's exercise."""
    found: dict[Name, ExerciseResult] = {}
    sources = {name: Source(path.name, path.read_bytes()) for name, path in SOLUTIONS.items()}

    def grade_all(grade: session.Grade) -> None:
        for mutant in MUTANTS:
            exercise = mutant.file.removesuffix(".py")
            others = {name: source for name, source in sources.items() if name != exercise}
            program = Program(exercise, Source(mutant.file, mutant.source.encode()), others)
            student = sandbox.student(Submission("mutant", "mutant", {exercise: program}, "0" * 64))
            try:
                (found[name_of(mutant)],) = grade(student, SEED, [exercise])
            finally:
                student.close()

    with Sandbox(UNIT) as sandbox:
        session.run(UNIT, grade_all)
    return found


def losers(result: ExerciseResult) -> set[str]:
    return {check.function for check in result.checks if check.outcome is not Outcome.PASSED}


def test_every_exercise_has_mutants_and_each_has_a_name_of_its_own() -> None:
    assert {mutant.file for mutant in MUTANTS} == {path.name for path in SOLUTIONS.values()}
    assert len({name_of(mutant) for mutant in MUTANTS}) == len(MUTANTS)


def test_every_mutant_that_is_a_mistake_loses_points(verdicts: dict[Name, ExerciseResult]) -> None:
    assert {name for name, result in verdicts.items() if not losers(result)} - set(equivalent()) == set()


def test_what_is_listed_as_no_mistake_is_there_and_loses_nothing(verdicts: dict[Name, ExerciseResult]) -> None:
    assert {name for name in equivalent() if name not in verdicts or losers(verdicts[name])} == set()


def test_a_mistake_costs_only_functions_that_use_the_mutated_one(verdicts: dict[Name, ExerciseResult]) -> None:
    uses = {path.name: callers(path) for path in SOLUTIONS.values()}
    assert {name: losers(result) for name, result in verdicts.items() if not losers(result) <= uses[name[0]][name[1]]} == {}
