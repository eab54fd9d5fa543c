"""Callables that checks hand to a student's function by name. They run beside student code, so none of them is an answer to an exercise.

`sample_inverse_cdf` is asked to push its uniforms through an inverse CDF: the identity shows the uniforms themselves, the Gumbel and the Cauchy
have a pole at one or both ends. `implicit_gradient` is asked to differentiate a CDF: each distribution comes as `<name>_cdf(z, *params)` and
`<name>_pdf(z, *params)`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# NumPy has no special functions; the standard library has those of a number.
_erfc = np.vectorize(math.erfc, otypes=[np.float64])
_lgamma = np.vectorize(math.lgamma, otypes=[np.float64])
# Enough for x up to 20 and every a: the terms fall by more than half from the 40th on.
SERIES_TERMS = 100


def identity_icdf(u: Array) -> Array:
    """The uniform distribution's own inverse CDF."""
    return np.asarray(u, dtype=np.float64)


def gumbel_icdf(u: Array, loc: Array, scale: Array) -> Array:
    """Gumbel: infinite at u = 0 and at u = 1."""
    with np.errstate(divide="ignore"):
        return np.asarray(loc - scale * np.log(-np.log(u)))


def cauchy_icdf(u: Array, loc: Array, scale: Array) -> Array:
    """Cauchy, written so that both ends are infinite exactly."""
    with np.errstate(divide="ignore"):
        return np.asarray(loc - scale / np.tan(np.pi * np.asarray(u)))


def weibull_icdf(u: Array, scale: Array, shape: Array) -> Array:
    """Weibull: infinite at u = 1."""
    with np.errstate(divide="ignore"):
        return np.asarray(scale * (-np.log1p(-np.asarray(u))) ** (1.0 / np.asarray(shape)))


def normal_cdf(z: Array, mu: Array, sigma: Array) -> Array:
    """Gaussian, by the complementary error function."""
    return np.asarray(0.5 * _erfc((mu - np.asarray(z)) / (np.sqrt(2.0) * np.asarray(sigma))))


def normal_pdf(z: Array, mu: Array, sigma: Array) -> Array:
    """Gaussian density."""
    x = (np.asarray(z) - mu) / sigma
    return np.asarray(np.exp(-0.5 * x**2) / (np.sqrt(2.0 * np.pi) * np.asarray(sigma)))


def logistic_cdf(z: Array, loc: Array, scale: Array) -> Array:
    """Logistic."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * (np.asarray(z) - loc) / scale)))


def logistic_pdf(z: Array, loc: Array, scale: Array) -> Array:
    """Logistic density."""
    return np.asarray(0.25 / np.cosh(0.5 * (np.asarray(z) - loc) / scale) ** 2 / scale)


def exponential_cdf(z: Array, rate: Array) -> Array:
    """Exponential, one parameter."""
    return np.asarray(-np.expm1(-np.asarray(rate) * z))


def exponential_pdf(z: Array, rate: Array) -> Array:
    """Exponential density."""
    return np.asarray(np.asarray(rate) * np.exp(-np.asarray(rate) * z))


def weibull_cdf(z: Array, scale: Array, shape: Array) -> Array:
    """Weibull."""
    return np.asarray(-np.expm1(-((np.asarray(z) / scale) ** np.asarray(shape))))


def weibull_pdf(z: Array, scale: Array, shape: Array) -> Array:
    """Weibull density."""
    x = np.asarray(z) / scale
    return np.asarray(np.asarray(shape) / scale * x ** (np.asarray(shape) - 1.0) * np.exp(-(x ** np.asarray(shape))))


def gamma_cdf(z: Array, concentration: Array, rate: Array) -> Array:
    """Gamma: the distribution without an inverse CDF in closed form, which implicit reparameterization was invented for.

    The series of the incomplete gamma function (DLMF 8.7.1), all of whose terms are positive: x^a e^-x (1/a + x/(a (a+1)) + ...) / Gamma(a).
    """
    a, x = np.asarray(concentration, dtype=np.float64), np.asarray(rate * np.asarray(z), dtype=np.float64)
    term = total = 1.0 / a + 0.0 * x
    for n in range(1, SERIES_TERMS):
        term = term * x / (a + n)
        total = total + term
    return np.asarray(total * np.exp(a * np.log(x) - x - _lgamma(a)))


def gamma_pdf(z: Array, concentration: Array, rate: Array) -> Array:
    """Gamma density."""
    a = np.asarray(concentration, dtype=np.float64)
    return np.asarray(np.exp(a * np.log(rate) + (a - 1.0) * np.log(z) - np.asarray(rate) * z - _lgamma(a)))


PROBES: dict[str, Any] = {name: function for name, function in list(globals().items()) if name.endswith(("_icdf", "_cdf", "_pdf"))}
