"""Hidden checks of `inverse_cdf.py`.

The four inverse CDFs are compared with the solutions' accurate formulas. In the tails only relative accuracy counts, at location 0 and without any
absolute allowance (contract, section 2). `sample_inverse_cdf` is judged by its draws: the identity as inverse CDF shows its uniforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks import uniform
from grader.checks.answers import Case
from grader.checks.compare import check_inputs_unmodified, check_values
from grader.checks.draws import for_a_picture
from grader.checks.inputs import drawn_once, number, positive, real
from grader.checks.pictures import histogram, pictured
from grader.observation import Probe, Rng, Student

Shape = tuple[int, ...]
# Shapes of u and of the parameters: equal ones first, then every way in which one of them is broadcast.
PAIRS: tuple[tuple[Shape, Shape], ...] = (
    ((3, 4), (3, 4)),
    ((2, 3, 4), (2, 3, 4)),
    ((5,), (5,)),
    ((4, 4), (4, 4)),
    ((1, 4), (1, 4)),
    ((3, 4), ()),
    ((3, 4), (4,)),
    ((4,), (3, 4)),
    ((3, 1), (1, 4)),
    ((), (5,)),
    ((), ()),
)
TRIPLES: tuple[tuple[Shape, Shape, Shape], ...] = (
    *((u, parameter, parameter) for u, parameter in PAIRS),
    ((3, 4), (3, 1), (4,)),
    ((3, 4), (4,), (3, 1)),
    ((2, 1, 4), (3, 1), (4,)),
)
# Parameters that broadcasting stretches, along every axis and along several; grad_z has the shape of z.
EQUAL: tuple[tuple[Shape, Shape, Shape], ...] = tuple((shape,) * 3 for shape in ((3, 4), (2, 3, 4), (5,), (4, 4), (1, 4), (3, 1), ()))
STRETCHED: tuple[tuple[Shape, Shape, Shape], ...] = (
    ((3, 4), (4,), (4,)),
    ((3, 4), (3, 1), (3, 1)),
    ((3, 4), (1, 4), (1, 4)),
    ((3, 4), (), ()),
    ((5,), (1,), (1,)),
    ((2, 3, 4), (3, 1), (4,)),
    ((3, 4), (2, 1, 1), (4,)),
    ((3, 1), (4,), (3, 4)),
    ((), (3, 4), (4,)),
    ((4, 4), (4,), (4, 1)),
)
LOWER_TAIL = np.geomspace(1e-12, 1e-3, 28)
# Between the tails and what is drawn at random.
SHOULDERS = np.concatenate([np.geomspace(4e-3, 0.02, 6), 1.0 - np.geomspace(4e-3, 0.02, 6)])
TAILS = np.stack([LOWER_TAIL, 1.0 - LOWER_TAIL])
# A number goes other ways than an array, and another one on either side of the median.
SCALARS_IN_THE_TAILS = (np.float64(7e-13), np.float64(1.0 - 7e-13))
SCALARS = (np.float64(0.07), np.float64(0.93))
# Near the ends backward is asked for two digits only: whoever calls an inverse CDF of his own that is shifted or bounded a little must not pay twice.
EDGES, TWO_DIGITS = np.array([3e-3, 1.0 - 3e-3, 1.0 - 1e-4]), 1e-2
# Far from 1, where parameters are bounded for safety. Asked when all else is right, so that this alone can be what is wrong.
BOUNDED = "extreme-values-altered"
U = np.array([0.3, 0.9, 0.15, 0.6])
WIDE = np.array([1e-4, 0.02, 30.0, 5e3])
WIDE_LOCATIONS = np.array([-80.0, 300.0, -5e3, 4e4])
WIDE_SHAPES = np.array([[0.15, 0.4, 8.0, 20.0], [12.0, 0.3, 25.0, 0.2]])
IN_THE_TAILS = "Here u lies within 1e-3 of 0 or of 1, where only relative accuracy counts."
GRADIENTS = ("grad_loc", "grad_scale")


def test_exponential_icdf_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    asked = partial(check_values, student, "exponential_icdf", reference=reference.exponential_icdf, further=partial(_pairs, rng))
    asked(_pairs(rng))
    asked([(U, WIDE)], otherwise=BOUNDED)


def test_exponential_icdf_tails(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = [(TAILS, number(1.7)), (TAILS, positive(rng, TAILS.shape)), *((u, number(1.7)) for u in SCALARS_IN_THE_TAILS)]
    check_values(student, "exponential_icdf", cases, reference.exponential_icdf, atol=0.0, further=partial(_pairs, rng), remark=IN_THE_TAILS)


def test_exponential_icdf_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "exponential_icdf", _pairs(rng)[:2])


def test_logistic_icdf_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    asked = partial(check_values, student, "logistic_icdf", reference=reference.logistic_icdf, further=partial(_located, rng))
    asked(_located(rng))
    asked([(U, WIDE_LOCATIONS, WIDE)], otherwise=BOUNDED)


def test_logistic_icdf_tails(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(
        student, "logistic_icdf", _located_tails(rng), reference.logistic_icdf, atol=0.0, further=partial(_located, rng), remark=IN_THE_TAILS
    )


def test_logistic_icdf_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "logistic_icdf", _located(rng)[:2])


def test_laplace_icdf_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    asked = partial(check_values, student, "laplace_icdf", reference=reference.laplace_icdf, further=partial(_located, rng))
    asked(_located(rng))
    asked([(U, WIDE_LOCATIONS, WIDE)], otherwise=BOUNDED)


def test_laplace_icdf_tails(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(student, "laplace_icdf", _located_tails(rng), reference.laplace_icdf, atol=0.0, further=partial(_located, rng), remark=IN_THE_TAILS)


def test_laplace_icdf_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "laplace_icdf", _located(rng)[:2])


def test_kumaraswamy_icdf_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    asked = partial(check_values, student, "kumaraswamy_icdf", reference=reference.kumaraswamy_icdf, further=partial(_shaped, rng))
    asked(_shaped(rng))
    asked([(U, *WIDE_SHAPES)], otherwise=BOUNDED)


def test_kumaraswamy_icdf_tails(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = [(TAILS, number(a), number(b)) for a, b in ((2.3, 0.6), (0.6, 3.1))] + [
        (TAILS, positive(rng, TAILS.shape, 0.7), positive(rng, TAILS.shape, 0.7)),
        *((u, number(2.3), number(0.6)) for u in SCALARS_IN_THE_TAILS),
    ]
    check_values(student, "kumaraswamy_icdf", cases, reference.kumaraswamy_icdf, atol=0.0, further=partial(_shaped, rng), remark=IN_THE_TAILS)


def test_kumaraswamy_icdf_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "kumaraswamy_icdf", _shaped(rng)[:2])


def test_sample_inverse_cdf_shape(student: Student, rng: np.random.Generator) -> None:
    uniform.demand_shapes(student, rng)


def test_sample_inverse_cdf_distribution(student: Student, rng: np.random.Generator) -> None:
    """Kolmogorov-Smirnov for five inverse CDFs with scalar and array parameters, and bets on the uniforms: 97,200 draws and more.

    False alarms: below 6e-11 (6 tests at 1e-11). Power: over 1 - 1e-6 against each wrong distribution of docs/power.md; u clipped at 4.8e-4 or more
    on one side, or at 2.4e-4 or more on both, is seen, a finer clipping is not.
    """
    with pictured(student, lambda: histogram(for_a_picture(uniform.book_of(student, rng)))):
        uniform.demand_distribution(student, rng)


def test_sample_inverse_cdf_independence(student: Student, rng: np.random.Generator) -> None:
    """Repeated magnitudes, correlation at every lag, sums and energies along every axis, on draws of four shapes.

    Three calls for shape (120, 90), two for other shapes, 200 for single numbers, and 320 for two elements.
    False alarms: below 3e-10 (at most 27 tests at 1e-11). Power: over 1 - 1e-6 against each kind of shared noise of docs/power.md.
    """
    uniform.demand_independence(student, rng)


def test_sample_inverse_cdf_generator(student: Student, rng: np.random.Generator) -> None:
    """Equal generators give equal draws, other generators independent ones, and nothing but the generator moves. False alarms: below 8e-11."""
    uniform.demand_own_generator(student, rng)


def test_sample_inverse_cdf_always_finite(student: Student, rng: np.random.Generator) -> None:
    """Generators whose first outputs are 0, and inverse CDFs that are infinite at 0 and at 1. What follows must be as random as ever.

    False alarms: below 8e-11 (8 tests at 1e-11); a right sampler meets a 0 without our doing with probability 2^-53 a draw.
    """
    uniform.demand_finite(student, rng)


def test_sample_inverse_cdf_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    cases = [(Probe("gumbel_icdf"), (real(rng, shape), positive(rng, shape)), (3, 4), Rng(int(rng.integers(2**31)))) for shape in ((3, 4), (4,))]
    check_inputs_unmodified(student, "sample_inverse_cdf", cases)


def test_exponential_icdf_backward_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    further = partial(_rates, rng, STRETCHED)
    asked = partial(check_values, student, "exponential_icdf_backward", reference=reference.exponential_icdf_backward, further=further)
    asked(_rates(rng, EQUAL))
    asked([(real(rng, EDGES.shape), EDGES, positive(rng, EDGES.shape))], rtol=TWO_DIGITS, otherwise=BOUNDED)


def test_exponential_icdf_backward_broadcasting(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(student, "exponential_icdf_backward", _rates(rng, STRETCHED), reference.exponential_icdf_backward)


def test_exponential_icdf_backward_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "exponential_icdf_backward", _rates(rng, EQUAL)[:2])


def test_logistic_icdf_backward_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    further = partial(_locations, rng, STRETCHED)
    asked = partial(check_values, student, "logistic_icdf_backward", reference=reference.logistic_icdf_backward, entries=GRADIENTS, further=further)
    asked(_locations(rng, EQUAL))
    asked([(real(rng, EDGES.shape), EDGES, real(rng, EDGES.shape), positive(rng, EDGES.shape))], rtol=TWO_DIGITS, otherwise=BOUNDED)


def test_logistic_icdf_backward_broadcasting(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(student, "logistic_icdf_backward", _locations(rng, STRETCHED), reference.logistic_icdf_backward, entries=GRADIENTS)


def test_logistic_icdf_backward_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "logistic_icdf_backward", _locations(rng, EQUAL)[:2])


def _uniform(rng: np.random.Generator, shape: Shape) -> Any:
    """Probabilities well inside (0, 1): an array, or an np.float64 for the shape ()."""
    return number(rng.uniform(0.02, 0.98, shape))


@drawn_once
def _pairs(rng: np.random.Generator) -> list[Case]:
    cases = [*(Case((_uniform(rng, u), positive(rng, rate))) for u, rate in PAIRS), Case((SHOULDERS, positive(rng, SHOULDERS.shape)))]
    return [*cases, *(Case((u, positive(rng, ()))) for u in SCALARS)]


@drawn_once
def _located(rng: np.random.Generator) -> list[Case]:
    """u, loc and scale; u = 1/2, the median, is among them."""
    median = np.array([0.5, 0.25, 0.5, 0.75]), real(rng, (4,)), positive(rng, (4,))
    shoulders = SHOULDERS, np.zeros(SHOULDERS.shape), positive(rng, SHOULDERS.shape)
    cases = [*(Case((_uniform(rng, u), real(rng, loc), positive(rng, scale))) for u, loc, scale in TRIPLES), Case(median), Case(shoulders)]
    return [*cases, *(Case((u, real(rng, ()), positive(rng, ()))) for u in SCALARS)]


@drawn_once
def _located_tails(rng: np.random.Generator) -> list[Case]:
    arrays = [Case((TAILS, number(0.0), number(1.7))), Case((TAILS, np.zeros(TAILS.shape), positive(rng, TAILS.shape)))]
    return arrays + [Case((u, number(0.0), number(1.7))) for u in SCALARS_IN_THE_TAILS]


@drawn_once
def _shaped(rng: np.random.Generator) -> list[Case]:
    shoulders = SHOULDERS, positive(rng, SHOULDERS.shape), positive(rng, SHOULDERS.shape)
    cases = [*(Case((_uniform(rng, u), positive(rng, a), positive(rng, b))) for u, a, b in TRIPLES), Case(shoulders)]
    return [*cases, *(Case((u, positive(rng, ()), positive(rng, ()))) for u in SCALARS)]


@drawn_once
def _rates(rng: np.random.Generator, shapes: Sequence[tuple[Shape, Shape, Shape]]) -> list[Case]:
    return [Case((real(rng, np.broadcast_shapes(u, rate)), _uniform(rng, u), positive(rng, rate))) for u, rate, _ in shapes]


@drawn_once
def _locations(rng: np.random.Generator, shapes: Sequence[tuple[Shape, Shape, Shape]]) -> list[Case]:
    return [Case((real(rng, np.broadcast_shapes(u, loc, scale)), _uniform(rng, u), real(rng, loc), positive(rng, scale))) for u, loc, scale in shapes]
