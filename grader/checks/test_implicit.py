"""Hidden checks of `implicit.py`. The reference differentiates the CDF more accurately than is asked of the student (`distributions.pathwise`)."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from grader.checks.answers import Case
from grader.checks.compare import check_inputs_unmodified, check_values
from grader.checks.distributions import EXPONENTIAL, GAMMA, LOGISTIC, NORMAL, WEIBULL, Distribution, pathwise
from grader.checks.inputs import drawn_once, number, positive, real
from grader.observation import Probe, Student

FUNCTION = "implicit_gradient"
ENTRIES = ("dz/dparam of the first parameter", "that of the second")
Shape = tuple[int, ...]


def gradients_of(distribution: Distribution, z: Any, params: tuple[Any, ...], *step: float, **keywords: float) -> Case:
    """A call for one distribution: probes for the student, the checks' own functions for the reference and for wrong formulas."""
    probes = Probe(f"{distribution.name}_cdf"), Probe(f"{distribution.name}_pdf")
    return Case((z, *probes, params, *step), keywords, (z, distribution.cdf, distribution.pdf, params, *step))


def away_from_zero(rng: np.random.Generator, shape: Shape) -> Any:
    """Noise of both signs between 0.6 and 1.6: no derivative vanishes, and one-sided differences show."""
    return number(rng.uniform(0.6, 1.6, shape) * rng.choice([-1.0, 1.0], shape))


def normal(rng: np.random.Generator, shape: Shape, mu_shape: Shape | None = None, sigma_shape: Shape | None = None, **keywords: float) -> Case:
    """Parameters are Python floats, or arrays where shapes are given."""
    return _location_scale(NORMAL, rng, shape, mu_shape, sigma_shape, **keywords)


def logistic(rng: np.random.Generator, shape: Shape, loc_shape: Shape | None = None, scale_shape: Shape | None = None, **keywords: float) -> Case:
    """As `normal`."""
    return _location_scale(LOGISTIC, rng, shape, loc_shape, scale_shape, **keywords)


def exponential(rng: np.random.Generator, shape: Shape, rate_shape: Shape | None = None, **keywords: float) -> Case:
    """One parameter."""
    rate = _parameter(rng, rate_shape)
    return gradients_of(EXPONENTIAL, number(rng.uniform(0.4, 2.0, shape) / rate), (rate,), **keywords)


def weibull(rng: np.random.Generator, shape: Shape, scale_shape: Shape | None = None, shape_shape: Shape | None = None, **keywords: float) -> Case:
    """At z = scale the derivative by the shape vanishes: z keeps away from it."""
    scale, exponent = _parameter(rng, scale_shape), 1.0 + _parameter(rng, shape_shape)
    return gradients_of(WEIBULL, number(scale * np.exp(0.5 * away_from_zero(rng, shape)) ** (1.0 / exponent)), (scale, exponent), **keywords)


def gamma(rng: np.random.Generator, shape: Shape, concentration_shape: Shape | None = None, rate_shape: Shape | None = None) -> Case:
    """The distribution for which there is no other way."""
    concentration, rate = 1.0 + _parameter(rng, concentration_shape), _parameter(rng, rate_shape)
    return gradients_of(GAMMA, number(concentration / rate * rng.uniform(0.4, 1.6, shape)), (concentration, rate))


@drawn_once
def everything(rng: np.random.Generator) -> list[Case]:
    return [
        normal(rng, (3, 4), step=1e-3),
        logistic(rng, (5,)),
        weibull(rng, (2, 3), step=1e-3),
        exponential(rng, (4,), step=1e-3),
        normal(rng, (3, 4), (4,), (3, 1)),
    ]


@drawn_once
def plain(rng: np.random.Generator) -> list[Case]:
    # A location of 0 is a parameter like any other.
    standard = gradients_of(NORMAL, away_from_zero(rng, (3, 4)), (0.0, 1.0))
    return [normal(rng, (3, 4)), logistic(rng, (2, 3, 4)), normal(rng, (5,)), normal(rng, ()), logistic(rng, (1, 4)), standard]


@drawn_once
def other_distributions(rng: np.random.Generator) -> list[Case]:
    return [weibull(rng, (3, 4)), exponential(rng, (5,)), gamma(rng, (4, 3)), exponential(rng, ())]


@drawn_once
def array_parameters(rng: np.random.Generator) -> list[Case]:
    return [
        normal(rng, (3, 4), (4,), (3, 1)),
        weibull(rng, (2, 3), (2, 3), ()),
        logistic(rng, (4, 4), (4,), (4, 1)),
        gamma(rng, (2, 3, 4), (3, 1), (4,)),
        exponential(rng, (5,), (5,)),
        exponential(rng, (5,), (1,)),
    ]


@drawn_once
def other_steps(rng: np.random.Generator) -> list[Case]:
    by_position = normal(rng, (3, 4))
    return [
        normal(rng, (3, 4), step=1e-3),
        weibull(rng, (5,), step=1e-3),
        Case((*by_position.arguments, 1e-4), {}, (*(by_position.stand_ins or ()), 1e-4)),
        logistic(rng, (5,), step=1e-6),
        exponential(rng, (4,), step=1e-3),
    ]


def test_implicit_gradient_formula(student: Student, rng: np.random.Generator) -> None:
    _check(student, rng, plain(rng))


def test_implicit_gradient_other_distributions(student: Student, rng: np.random.Generator) -> None:
    _check(student, rng, other_distributions(rng))
    # Where the density is below 1e-3 a bound shows that keeps a division from 0.
    unlikely = [gradients_of(NORMAL, 0.4 + 0.9 * np.array([-3.6, 3.7]), (0.4, 0.9)), gradients_of(LOGISTIC, np.array([-7.5, 8.0]), (-0.6, 1.1))]
    _check(student, rng, unlikely, "extreme-values-altered")


def test_implicit_gradient_array_parameters(student: Student, rng: np.random.Generator) -> None:
    _check(student, rng, array_parameters(rng))


def test_implicit_gradient_step(student: Student, rng: np.random.Generator) -> None:
    """At a step of 1e-3 one-sided differences are off by more than 2e-4, central ones by less than 2e-6."""
    _check(student, rng, other_steps(rng))


def test_implicit_gradient_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(
        student, FUNCTION, [normal(rng, (3, 4), (4,), (3, 1)), weibull(rng, (2, 3), (2, 3), (2, 3)), exponential(rng, (5,), (5,))]
    )


def _check(student: Student, rng: np.random.Generator, cases: list[Case], otherwise: str | None = None) -> None:
    check_values(student, FUNCTION, cases, pathwise, entries=ENTRIES, rtol=1e-4, atol=1e-8, further=partial(everything, rng), otherwise=otherwise)


def _parameter(rng: np.random.Generator, shape: Shape | None) -> Any:
    return float(positive(rng, (), 0.4)) if shape is None else positive(rng, shape, 0.4)


def _location_scale(
    distribution: Distribution, rng: np.random.Generator, shape: Shape, loc_shape: Shape | None, scale_shape: Shape | None, **keywords: float
) -> Case:
    loc = float(real(rng, ())) if loc_shape is None else real(rng, loc_shape)
    scale = _parameter(rng, scale_shape)
    return gradients_of(distribution, number(loc + scale * away_from_zero(rng, shape)), (loc, scale), **keywords)
