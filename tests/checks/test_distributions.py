"""The reference of the bonus exercise: what it differentiates is what the student gets, and its derivatives are those known in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from grader.checks.distributions import EXPONENTIAL, GAMMA, LOGISTIC, NORMAL, WEIBULL, Distribution, pathwise
from grader.sandbox.probes import PROBES

Z = np.array([[0.4, 0.9, 1.7], [2.2, 0.7, 3.1]])
FIRST, SECOND = np.array([1.3, 0.8, 2.1]), np.array([[0.7], [1.6]])
FROZEN: dict[str, Callable[..., Any]] = {
    "normal": stats.norm,
    "logistic": stats.logistic,
    "exponential": lambda rate: stats.expon(scale=1 / rate),
    "weibull": lambda scale, shape: stats.weibull_min(shape, scale=scale),
    "gamma": lambda concentration, rate: stats.gamma(concentration, scale=1 / rate),
}
ALL = (NORMAL, LOGISTIC, EXPONENTIAL, WEIBULL, GAMMA)


def parameters(distribution: Distribution) -> tuple[Any, ...]:
    return (FIRST,) if distribution is EXPONENTIAL else (FIRST, SECOND)


@pytest.mark.parametrize("distribution", ALL, ids=lambda distribution: distribution.name)
def test_checks_and_probes_know_the_same_distributions(distribution: Distribution) -> None:
    params = parameters(distribution)
    true = FROZEN[distribution.name](*params)
    for cdf, pdf in ((distribution.cdf, distribution.pdf), (PROBES[f"{distribution.name}_cdf"], PROBES[f"{distribution.name}_pdf"])):
        np.testing.assert_allclose(cdf(Z, *params), true.cdf(Z), rtol=1e-12)
        np.testing.assert_allclose(pdf(Z, *params), true.pdf(Z), rtol=1e-12)


@pytest.mark.parametrize(
    ("distribution", "closed_forms"),
    [
        (NORMAL, lambda z, mu, sigma: (1.0, (z - mu) / sigma)),
        (LOGISTIC, lambda z, loc, scale: (1.0, (z - loc) / scale)),
        (EXPONENTIAL, lambda z, rate: (-z / rate,)),
        (WEIBULL, lambda z, scale, shape: (z / scale, -z * np.log(z / scale) / shape)),
        (GAMMA, lambda z, concentration, rate: (None, -z / rate)),
    ],
    ids=lambda value: value.name if isinstance(value, Distribution) else "",
)
def test_pathwise_gradients_equal_their_closed_forms(distribution: Distribution, closed_forms: Callable[..., Any]) -> None:
    params = parameters(distribution)
    for gradient, closed_form in zip(pathwise(Z, distribution.cdf, distribution.pdf, params), closed_forms(Z, *params), strict=True):
        if closed_form is not None:
            np.testing.assert_allclose(gradient, np.broadcast_to(closed_form, Z.shape), rtol=1e-8, atol=1e-10)


def test_the_gamma_distributions_concentration_moves_a_draw_along_its_quantile() -> None:
    """No closed form: the quantile function itself is differentiated."""
    quantile = stats.gamma(FIRST, scale=1 / SECOND).cdf(Z)
    step = 1e-4
    moved = [stats.gamma(FIRST + sign * step, scale=1 / SECOND).ppf(quantile) for sign in (1, -1)]
    np.testing.assert_allclose(pathwise(Z, GAMMA.cdf, GAMMA.pdf, (FIRST, SECOND))[0], (moved[0] - moved[1]) / (2 * step), rtol=1e-6)
