"""Mistakes that are named without a row for their formula: by terms, by exceptions, by what an argument does not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import enquiry, exceptions, terms
from grader.checks.answers import Answer, Case, Tolerance, read
from grader.model import Outcome
from grader.observation import StudentFault

RNG = np.random.default_rng(3)
CASES = [Case((RNG.standard_normal(shape), RNG.uniform(0.4, 2.5, shape))) for shape in ((3, 4), (2, 3, 4), (5,))]


def right(mu: Any, sigma: Any) -> Any:
    return mu, sigma - 1.0 / sigma


def answer(case: Case, student: Callable[..., Any]) -> Answer:
    got, wanted = read(case.apply(student), "kl_gradient", 2), read(case.apply(right), "kl_gradient", 2)
    return Answer(case, got, wanted, Tolerance().agree(got, wanted))


def said(student: Callable[..., Any]) -> tuple[str, str] | None:
    row = terms.wrong_terms("kl_gradient", [answer(case, student) for case in CASES])
    return (row.id, row.says) if row else None


def test_a_term_that_is_missing_wrong_or_too_many_is_named() -> None:
    assert said(lambda mu, sigma: (mu, -1.0 / sigma)) == ("term-missing", "The term with sigma is missing.")
    assert said(lambda mu, sigma: (mu, sigma + 1.0 / sigma)) == ("term-sign", "The term with 1/sigma has the wrong sign.")
    assert said(lambda mu, sigma: (mu, 1.5 * sigma - 1.0 / sigma)) == ("term-factor", "The term with sigma has a wrong factor.")
    assert said(lambda mu, sigma: (mu, sigma - 1.0 / sigma + mu)) == ("term-extra", "A term with mu does not belong there.")


def test_a_term_in_the_place_of_another_one_is_named() -> None:
    assert said(lambda mu, sigma: (mu, sigma**2 - 1.0 / sigma)) == (
        "term-replaced",
        "A term with the square of sigma stands where one with sigma belongs.",
    )


def test_what_is_no_sum_of_terms_or_has_odd_coefficients_is_not_named() -> None:
    assert said(lambda mu, sigma: (mu, np.sin(sigma))) is None
    assert said(lambda mu, sigma: (mu, 0.9371 * sigma - 1.0 / sigma)) is None
    assert said(lambda mu, sigma: (mu, 2.0 * sigma + 1.0 / sigma + mu)) is None


@given(st.lists(st.integers(-16, 16), min_size=2, max_size=2))
def test_whatever_simple_coefficients_the_two_terms_have_they_are_found(eighths: list[int]) -> None:
    first, second = (number / 8.0 for number in eighths)
    named = said(lambda mu, sigma: (mu, first * sigma + second / sigma))
    assert (named is None) == ((first, second) == (1.0, -1.0))


def test_an_argument_that_should_count_and_does_not_is_named() -> None:
    def student(mu: Any, sigma: Any) -> Any:
        return mu, np.cos(mu) + 0 * sigma

    asked = [answer(case, student) for case in CASES]
    row = enquiry.unused_argument(asked, lambda cases: [answer(case, student) for case in cases], ("mu", "sigma"), ("dKL/dmu", "dKL/dsigma"))
    assert row is not None
    assert row.says == "`sigma` plays no part in `dKL/dsigma`."


def test_an_argument_is_not_called_unused_where_some_call_is_right() -> None:
    def student(mu: Any, sigma: Any) -> Any:
        return right(mu, sigma) if mu.ndim == 1 else (mu, np.cos(mu))

    asked = [answer(case, student) for case in CASES]
    assert enquiry.unused_argument(asked, lambda cases: [answer(case, student) for case in cases], ("mu", "sigma"), ()) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ValueError: The truth value of an array with more than one element is ambiguous.", "if-on-array"),
        ("TypeError: only 0-dimensional arrays can be converted to Python scalars", "single-numbers-only"),
        ("IndexError: tuple index out of range\n  kl.py, line 3, in kl_gradient:  n = mu.shape[1]", "one-rank-only"),
        ("ValueError: einstein sum subscripts string contains too many subscripts for operand 0", "one-rank-only"),
        ("LinAlgError: 1-dimensional array given. Array must be at least two-dimensional", "one-rank-only"),
        ("ValueError: cannot reshape array of size 299 into shape (20,15)", "reshape-does-not-fit"),
        ("AssertionError: u must be positive", "own-assertion"),
        ("KeyError: 0\n  kl.py, line 3, in kl_gradient:  return np.einsum('ij->i', cache[0])", None),
        ("NameError: name 'sgima' is not defined", "unknown-name"),
        ("RecursionError: maximum recursion depth exceeded", "endless-recursion"),
        ("IndexError: tuple index out of range\n  kl.py, line 3, in kl_gradient:  first = params[0]", None),
        ("ValueError: something of the student's own", None),
    ],
)
def test_an_exception_with_a_known_cause_is_named_and_any_other_is_not(text: str, name: str | None) -> None:
    problem = StudentFault(Outcome.ERROR, f"`kl_gradient` raised {text}")
    named = exceptions.explained("kl_gradient", problem)
    assert named.misconception == name
    assert named.message.startswith(problem.message)
    assert named.outcome is Outcome.ERROR


def test_a_file_that_cannot_be_loaded_names_nothing() -> None:
    problem = StudentFault(Outcome.ERROR, "kl.py could not be loaded: NameError: name 'x' is not defined")
    assert exceptions.explained("kl_gradient", problem) is problem


def test_code_for_one_number_of_axes_shows_by_what_raises() -> None:
    def case(shape: tuple[int, ...]) -> Case:
        return Case((np.ones(shape), np.ones(shape)))

    fault = StudentFault(Outcome.ERROR, "`kl_gradient` raised ValueError: not enough values to unpack")
    fine, other = answer(case((3, 4)), right), answer(case((5,)), right)
    row = exceptions.one_rank_only([fine, Answer(other.case, None, other.wanted, right=False, problem=fault)])
    assert row is not None
    assert row.id == "one-rank-only"
    again = answer(case((4,)), right)
    assert exceptions.one_rank_only([fine, again, Answer(other.case, None, other.wanted, right=False, problem=fault)]) is None
