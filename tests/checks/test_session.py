"""What becomes of an exception that no check foresaw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, NoReturn

import pytest

from grader.checks import session
from grader.errors import GraderError
from grader.jobs.job import solutions
from grader.model import ExerciseResult, Outcome
from grader.observation import Request
from grader.sandbox.client import Sandbox
from grader.unit import current


class Stumbling:
    """Implements `grader.observation.Student`; every check that asks it for something stumbles."""

    def each(self, function: str, requests: Sequence[Request]) -> NoReturn:
        raise OverflowError(f"{function}: {len(requests)} values that no check expects")

    def call(self, function: str, *arguments: Any, **others: Any) -> NoReturn:
        raise OverflowError(f"{function}: {arguments, others}")

    def renew(self) -> None:
        """Nothing was seen."""

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(current()) as started:
        yield started


def test_a_value_over_which_a_check_stumbles_is_wrong_if_the_solution_passes_that_check(sandbox: Sandbox) -> None:
    found: list[ExerciseResult] = []

    def body(grade: session.Grade) -> None:
        found.extend(grade(Stumbling(), 1, ["kl"]))

    session.run(current(), body, lambda: closing(sandbox.student(solutions(current()))))
    assert found[0].score == 0.0
    assert {check.outcome for check in found[0].checks} == {Outcome.FAILED}


def test_a_check_that_stumbles_over_the_solution_too_is_broken() -> None:
    with pytest.raises(GraderError, match="the check kl_divergence_formula is broken: OverflowError"):
        session.run(current(), lambda grade: grade(Stumbling(), 1, ["kl"]), lambda: closing(Stumbling()))
