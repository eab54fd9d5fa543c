"""Which mistake is named, and when none is."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from grader.checks import diagnosis, misconceptions
from grader.checks.answers import Answer, Case, Tolerance, read
from grader.checks.misconceptions import TABLE, Misconception
from grader.unit import current

CASES = [
    Case((np.random.default_rng(1).standard_normal(shape), np.random.default_rng(2).uniform(0.4, 2.5, shape))) for shape in ((3, 4), (2, 3, 4), (5,))
]


def right(mu: Any, sigma: Any) -> Any:
    return mu, sigma - 1.0 / sigma


def answers(student: Callable[..., Any], cases: list[Case] = CASES) -> list[Answer]:
    collected = []
    for case in cases:
        got, wanted = read(case.apply(student), "kl_gradient", 2), read(case.apply(right), "kl_gradient", 2)
        collected.append(Answer(case, got, wanted, Tolerance().agree(got, wanted)))
    return collected


def diagnosed(student: Callable[..., Any], cases: list[Case] = CASES) -> str | None:
    row = diagnosis.diagnose("kl_gradient", answers(student, cases), Tolerance())
    return row.id if row else None


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def use(**formulas: Callable[..., Any]) -> None:
        rows = {name: Misconception(name, "kl_gradient", "It is.", "There.", formula) for name, formula in formulas.items()}
        monkeypatch.setattr(misconceptions, "TABLE", MappingProxyType(rows | {key: TABLE[key] for key in ("whole-numbers", "single-precision")}))

    return use


def test_the_formula_that_reproduces_every_value_is_named() -> None:
    assert diagnosed(lambda mu, sigma: (mu, sigma + sigma**-1.0)) == "kl-gradient-reciprocal-sign"


def test_a_formula_that_fits_only_some_of_the_calls_is_not_named() -> None:
    assert diagnosed(lambda mu, sigma: (mu, sigma + 1.0 / sigma if mu.ndim == 2 else sigma)) is None


def test_a_formula_that_explains_every_wrong_value_where_others_are_right_is_named_for_those_alone() -> None:
    branch = diagnosis.diagnose(
        "kl_gradient", answers(lambda mu, sigma: (mu, np.where(mu > 0.0, sigma + 1.0 / sigma, sigma - 1.0 / sigma))), Tolerance()
    )
    assert branch is not None
    assert branch.id == "kl-gradient-reciprocal-sign"
    assert branch.says.startswith("Where it is wrong: ")
    assert diagnosed(lambda mu, sigma: (mu, np.select([mu > 0.5, mu > 0.0], [sigma + 1.0 / sigma, sigma], sigma - 1.0 / sigma))) is None


def test_an_absolute_value_is_not_taken_for_a_mistake_of_half_of_the_values() -> None:
    assert diagnosed(lambda mu, sigma: (mu, np.abs(sigma - 1.0 / sigma))) not in {"kl-gradient-sigma-negative", "kl-gradient-negative"}


def test_no_formula_no_guess() -> None:
    assert diagnosed(lambda mu, sigma: (mu, np.sin(sigma))) is None


def test_of_two_formulas_that_coincide_neither_is_named(table: Callable[..., None]) -> None:
    table(one=lambda mu, sigma: (mu, 2.0 * sigma), other=lambda mu, sigma: (mu, sigma + sigma))
    assert diagnosed(lambda mu, sigma: (mu, 2 * sigma)) is None


def test_further_calls_tell_formulas_apart(table: Callable[..., None]) -> None:
    table(one=lambda mu, sigma: (mu, mu.sum(axis=-1)), other=lambda mu, sigma: (mu, mu.sum(axis=1)))
    assert diagnosed(lambda mu, sigma: (mu, mu.sum(axis=-1)), CASES[:1]) is None
    assert diagnosed(lambda mu, sigma: (mu, mu.sum(axis=-1)), CASES) == "one"


def test_a_formula_that_raises_is_no_match_and_no_fault(table: Callable[..., None]) -> None:
    table(broken=lambda mu, sigma: 1 / 0, worse=lambda mu: mu, unreadable=lambda mu, sigma: "mu")
    assert diagnosed(lambda mu, sigma: (mu, sigma)) is None


def test_calls_that_raised_in_the_students_function_are_left_out() -> None:
    seen = answers(lambda mu, sigma: (mu, sigma + 1.0 / sigma))
    seen[1] = Answer(seen[1].case, None, seen[1].wanted, right=False)
    row = diagnosis.diagnose("kl_gradient", seen, Tolerance())
    assert row is not None
    assert row.id == "kl-gradient-reciprocal-sign"


def test_values_not_finite_are_matched_too() -> None:
    assert diagnosed(lambda mu, sigma: (sigma, mu - 1.0 / mu)) == "kl-gradient-swapped-arguments"


def test_single_precision_and_whole_numbers_are_recognised() -> None:
    assert diagnosed(lambda mu, sigma: (np.float32(mu), np.float32(sigma) - 1 / np.float32(sigma))) == "single-precision"
    assert diagnosed(lambda mu, sigma: (mu.astype(int), (sigma - 1 / sigma).astype(int))) == "whole-numbers"


def test_an_argument_that_is_left_out_is_named_whatever_shape_that_leaves() -> None:
    cases = [Case((np.ones((3, 1)) * 0.3, np.full((1, 4), 1.7))), *CASES]
    seen = []
    for case in cases:
        got = read(case.apply(lambda mu, sigma: sigma), "reparameterize", None)
        wanted = read(case.apply(lambda mu, sigma: mu + sigma), "reparameterize", None)
        seen.append(Answer(case, got, wanted, right=False))
    row = Misconception("left-out", "reparameterize", "It is.", "There.", lambda mu, sigma: sigma + 0 * mu)
    assert diagnosis._matching([row], seen, Tolerance()) == [row]


def test_two_mistakes_at_once_are_both_told() -> None:
    wrong = [
        Case((np.random.default_rng(seed).standard_normal((3, 4)), np.random.default_rng(seed + 9).uniform(0.4, 2.5, (3, 4)))) for seed in (1, 2)
    ]
    seen = []
    for case in wrong:
        got = read(case.apply(lambda mu, sigma: mu**2 + sigma**2 - 1 - 2 * np.log(sigma)), "kl_divergence", None)
        wanted = read(case.apply(lambda mu, sigma: np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)), "kl_divergence", None)
        seen.append(Answer(case, got, wanted, right=False))
    row = diagnosis.diagnose("kl_divergence", seen, Tolerance())
    assert row is not None
    assert row.id == "kl-missing-half"
    assert TABLE["kl-not-summed"].says in row.says


def test_nan_everywhere_is_no_evidence() -> None:
    assert diagnosed(lambda mu, sigma: (mu * np.nan, sigma * np.nan)) is None


def test_values_that_are_right_but_for_their_number_or_arrangement_are_recognised() -> None:
    assert diagnosed(lambda mu, sigma: (*right(mu, sigma), mu)) == "more-than-asked"
    assert diagnosed(lambda mu, sigma: tuple(entry.T for entry in right(mu, sigma))) == "transposed"
    assert diagnosed(lambda mu, sigma: tuple(entry.ravel() for entry in right(mu, sigma))) == "rearranged"
    assert diagnosed(lambda mu, sigma: tuple(np.round(entry, 3) for entry in right(mu, sigma))) == "rounded"


def test_a_factor_a_sign_and_a_constant_are_recognised_in_the_first_wrong_value() -> None:
    assert diagnosed(lambda mu, sigma: (mu, 3 * (sigma - 1 / sigma))) == "constant-factor"
    assert diagnosed(lambda mu, sigma: (mu, sigma - 1 / sigma + 5)) == "constant-offset"


def test_what_is_cut_off_at_a_bound_is_recognised_even_where_most_of_it_is() -> None:
    assert diagnosed(lambda mu, sigma: tuple(np.clip(entry, -0.4, 0.4) for entry in right(mu, sigma))) == "clipped"
    assert diagnosed(lambda mu, sigma: (mu, np.sign(sigma - 1 / sigma))) is None


def test_every_row_belongs_to_a_function_of_the_catalogue() -> None:
    functions = {function.name for exercise in current().exercises for function in exercise.functions}
    assert {row.function for row in TABLE.values()} <= functions | {misconceptions.ANY}
