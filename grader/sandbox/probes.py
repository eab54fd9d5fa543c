"""Callables that checks hand to a student's function by name. They run beside student code, so none of them is an answer to an exercise.

`sample_inverse_cdf` is asked to push its uniforms through an inverse CDF: the identity shows the uniforms themselves, the Gumbel and the Cauchy
have a pole at one or both ends. `implicit_gradient` is asked to differentiate a CDF: each distribution comes as `<name>_cdf(z, *params)` and
`<name>_pdf(z, *params)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
    x = torch.from_numpy(np.atleast_1d(np.asarray((mu - np.asarray(z)) / (np.sqrt(2.0) * np.asarray(sigma)), dtype=np.float64)))
    return np.asarray(0.5 * torch.special.erfc(x).numpy()).reshape(np.broadcast(z, mu, sigma).shape)


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
    """Gamma: the distribution without an inverse CDF in closed form, which implicit reparameterization was invented for."""
    shape = np.broadcast(z, concentration, rate).shape
    a = torch.from_numpy(np.broadcast_to(np.asarray(concentration, dtype=np.float64), shape).reshape(-1).copy())
    x = torch.from_numpy(np.broadcast_to(np.asarray(rate, dtype=np.float64) * z, shape).reshape(-1).copy())
    return np.asarray(torch.special.gammainc(a, x).numpy()).reshape(shape)


def gamma_pdf(z: Array, concentration: Array, rate: Array) -> Array:
    """Gamma density."""
    a = np.asarray(concentration, dtype=np.float64)
    normalizer = torch.special.gammaln(torch.from_numpy(np.atleast_1d(a))).numpy().reshape(a.shape)
    return np.asarray(np.exp(a * np.log(rate) + (a - 1.0) * np.log(z) - np.asarray(rate) * z - normalizer))


PROBES: dict[str, Any] = {name: function for name, function in list(globals().items()) if name.endswith(("_icdf", "_cdf", "_pdf"))}
