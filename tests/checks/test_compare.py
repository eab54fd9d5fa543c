"""How values are compared and differences described. The student here is a plain function in this process: the sandbox has tests of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.checks import compare
from grader.checks.compare import Case, check_inputs_unmodified, check_values
from grader.checks.misconceptions import TABLE
from grader.model import Outcome
from grader.observation import Call, CheckFailed, Observation, Refused, Request, StudentFault, TensorValue

CASES = [
    Case((np.random.default_rng(7).standard_normal(shape), np.random.default_rng(8).uniform(0.3, 3.0, shape)))
    for shape in ((3, 4), (2, 3, 4), (4, 4), (5,), (1, 4), (3, 1))
]


class InThisProcess:
    """Answers calls as the sandbox does, without one."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls = 0

    def each(self, function: str, requests: Sequence[Request]) -> list[Any]:  # noqa: ARG002
        return list(map(self._answer, requests))

    def _answer(self, request: Request) -> Any:
        assert isinstance(request, Call)
        self.calls += 1
        copies = tuple(argument.copy() if isinstance(argument, np.ndarray) else argument for argument in request.arguments)
        try:
            return Observation((self.function(*copies, **request.keywords),), copies, frozenset())
        except StudentFault as problem:
            return problem

    def call(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    def renew(self) -> None:
        raise NotImplementedError


def kl_divergence(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma), axis=-1)


def kl_gradient(mu: Any, sigma: Any) -> Any:
    return mu, sigma - 1.0 / sigma


def failure(function: Callable[..., Any], name: str = "kl_gradient", **options: Any) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        check_values(InThisProcess(function), name, CASES, globals()[name], **options)
    return caught.value


@pytest.mark.parametrize(
    "style",
    [
        lambda mu, sigma: kl_gradient(mu, sigma),
        lambda mu, sigma: list(kl_gradient(mu, sigma)),
        lambda mu, sigma: np.stack(kl_gradient(mu, sigma)),
        lambda mu, sigma: tuple(part.tolist() for part in kl_gradient(mu, sigma)),
        lambda mu, sigma: [list(map(tuple, part)) if part.ndim == 2 else part for part in kl_gradient(mu, sigma)],
        lambda mu, sigma: tuple(TensorValue(part, "float64", has_graph=False) for part in kl_gradient(mu, sigma)),
        lambda mu, sigma: (mu, (sigma**2 - 1.0) / sigma),
    ],
)
def test_every_way_to_return_the_right_values_passes(style: Callable[..., Any]) -> None:
    student = InThisProcess(style)
    check_values(student, "kl_gradient", CASES, kl_gradient)
    assert student.calls == len(CASES)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda mu, sigma: (3.0 * mu, 3.0 * (sigma - 1.0 / sigma)), "off by a constant factor 3 everywhere"),
        (lambda mu, sigma: (mu, 0.25 * (sigma - 1.0 / sigma)), "constant factor 1/4"),
        (lambda mu, sigma: (mu, 1.234 * (sigma - 1.0 / sigma)), "by a constant factor everywhere"),
        (lambda mu, sigma: (-mu, sigma - 1.0 / sigma), "the sign is flipped everywhere"),
        (lambda mu, sigma: (abs(mu), sigma - 1.0 / sigma), "the sign is wrong in places"),
        (lambda mu, sigma: (mu + 0.7, sigma - 1.0 / sigma), "off by the same amount everywhere"),
        (lambda mu, sigma: (sigma - 1.0 / sigma, mu), "in the wrong order"),
        (lambda mu, sigma: (mu.T, (sigma - 1.0 / sigma).T), "transpose"),
        (lambda mu, sigma: (mu.ravel(), sigma - 1.0 / sigma), "the shape is not: got (12,), wanted (3, 4)"),
        (lambda mu, sigma: (mu, np.full_like(sigma, np.nan)), "it is NaN, where"),
        (lambda mu, sigma: (mu, np.where(sigma > 1, np.inf, sigma)), "infinite in places"),
        (lambda mu, sigma: (mu, np.zeros_like(sigma)), "zero everywhere"),
        (lambda mu, sigma: (mu, np.float32(sigma) - 1 / np.float32(sigma)), "single precision"),
        (lambda mu, sigma: (mu, (sigma - 1.0 / sigma) * (1 + 1e-6 * mu)), "a few digits only"),
        (lambda mu, sigma: (mu, 0.1 + 0.0 * sigma), "the same number everywhere"),
        (lambda mu, sigma: (mu / len(mu), sigma - 1.0 / sigma), "a mean where a sum should be"),
        (lambda mu, sigma: (mu, sigma - 1.0 / sigma**1.5), "the shape is right, the values are not"),
        (lambda mu, sigma: (mu * (np.arange(len(mu)) == 0).reshape(-1, *[1] * (mu.ndim - 1)), sigma), "only the first entry along the first axis"),
        (lambda mu, sigma: mu, "a single array of shape (3, 4) where a pair should come back"),
        (lambda mu, sigma: (mu, sigma, sigma), "returned three values where there should be a pair"),
        (lambda mu, sigma: None, "returned nothing (None)"),
        (lambda mu, sigma: (mu, None), "is None where numbers are needed"),
        (lambda mu, sigma: (mu, Refused("a value of type str")), "is a value of type str"),
    ],
)
def test_the_kind_of_difference_is_said(wrong: Callable[..., Any], sentence: str) -> None:
    assert sentence in failure(wrong).message


def test_a_missing_sum_is_said() -> None:
    message = failure(lambda mu, sigma: 0.4 * mu**2 + 0 * sigma - 0.1, "kl_divergence").message
    assert "wrong shape: got (3, 4), wanted (3,)" in message
    message = failure(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma), "kl_divergence").message
    assert "The sum over the last axis is missing" in message


def test_what_is_right_is_said_as_well() -> None:
    message = failure(lambda mu, sigma: (mu, 2.0 * sigma if mu.ndim == 2 else sigma - 1.0 / sigma), entries=("by mu", "by sigma")).message
    assert "by mu is right, by sigma is not" in message
    assert "Right where the result has shape (2, 3, 4), (5,), wrong for (3, 4), (4, 4), (1, 4), …" in message


def test_an_exception_names_the_shapes_it_was_raised_for() -> None:
    def only_matrices(mu: Any, sigma: Any) -> Any:
        if mu.ndim != 2:
            raise StudentFault(Outcome.ERROR, "`kl_gradient` raised ValueError")
        return kl_gradient(mu, sigma)

    with pytest.raises(StudentFault, match=re.escape("called with arguments of shape (2, 3, 4): `kl_gradient` raised")):
        check_values(InThisProcess(only_matrices), "kl_gradient", CASES, kl_gradient)


def test_a_message_shows_neither_inputs_nor_expected_values() -> None:
    for wrong in (lambda mu, sigma: (mu, sigma), lambda mu, sigma: (mu + 1.0, 2.0 * sigma), lambda mu, sigma: (sigma, mu)):
        shown = set(re.findall(r"\d\.\d{3,}", failure(wrong).message))
        assert shown == set()


numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(2**62), 2**62),
    st.just(Refused("an object")),
    st.builds(lambda shape, value: np.full(shape, value), st.lists(st.integers(0, 3), max_size=4), st.floats(width=32)),
    st.builds(lambda shape: np.ones(shape, dtype=np.int64), st.lists(st.integers(0, 3), max_size=3)),
    st.builds(lambda value: TensorValue(np.asarray(value), "float64", has_graph=False), st.floats()),
)
anything = st.recursive(numbers, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple), max_leaves=8)


@settings(deadline=None, max_examples=300)
@example([2.0**1023, 2.0**1023], "kl_divergence")
@given(anything, st.sampled_from(["kl_gradient", "kl_divergence"]))
def test_whatever_comes_back_is_the_students_failure_and_never_the_graders(value: Any, name: str) -> None:
    # Not even the safety net is needed for it. Overflow is ignored, as it is in grading.
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(compare, "UNFORESEEN", ())
        with pytest.raises(CheckFailed):
            check_values(InThisProcess(lambda *_: value), name, CASES, globals()[name])


def test_an_explanation_that_fails_leaves_the_verdict_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: Any) -> None:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr(compare, "diagnose", explode)
    problem = failure(lambda mu, sigma: (2.0 * mu, sigma))
    assert problem.misconception is None
    assert problem.message.startswith("`kl_gradient`, called with arguments of shape (3, 4): The value is not what the handout asks for.")


def test_changing_an_argument_is_noticed() -> None:
    def in_place(mu: Any, sigma: Any) -> Any:
        sigma -= 1.0 / sigma
        return mu, sigma

    with pytest.raises(CheckFailed, match="`sigma`") as caught:
        check_inputs_unmodified(InThisProcess(in_place), "kl_gradient", CASES)
    assert caught.value.misconception == "modifies-inputs"
    check_inputs_unmodified(InThisProcess(kl_gradient), "kl_gradient", CASES)


def test_a_function_that_returns_nothing_has_not_kept_its_inputs_by_merit() -> None:
    with pytest.raises(CheckFailed):
        check_inputs_unmodified(InThisProcess(lambda *_: None), "kl_gradient", CASES)


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.id)
def test_a_known_mistake_is_spoken_of_in_sentences(row: Any) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", row.id)
    for sentence in (row.says, row.look):
        assert sentence.strip() == sentence
        assert sentence[-1] in ".?!)"
