"""The distributions of the bonus exercise, as the checks know them.

The student's function gets `<name>_cdf` and `<name>_pdf` as probes, which live in the sandbox; the reference and the wrong formulas get these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.checks.answers import Array


@dataclass(frozen=True, slots=True)
class Distribution:
    """CDF and density, called with (z, *params). Parameters and z broadcast against each other."""

    name: str
    cdf: Callable[..., Any]
    pdf: Callable[..., Any]


def _special(function: Callable[..., torch.Tensor], *arguments: Any) -> Array:
    """A special function of torch's on broadcast NumPy arguments."""
    return np.asarray(function(*(torch.from_numpy(np.array(argument, dtype=np.float64)) for argument in np.broadcast_arrays(*arguments))).numpy())


def _normal_cdf(z: Any, mu: Any, sigma: Any) -> Array:
    return _special(torch.special.ndtr, (z - mu) / sigma)


def _normal_pdf(z: Any, mu: Any, sigma: Any) -> Any:
    return np.exp(-0.5 * ((z - mu) / sigma) ** 2) / (np.sqrt(2.0 * np.pi) * sigma)


def _logistic_cdf(z: Any, loc: Any, scale: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-(z - loc) / scale))


def _logistic_pdf(z: Any, loc: Any, scale: Any) -> Any:
    u = _logistic_cdf(z, loc, scale)
    return u * (1.0 - u) / scale


def _exponential_cdf(z: Any, rate: Any) -> Any:
    return -np.expm1(-rate * z)


def _exponential_pdf(z: Any, rate: Any) -> Any:
    return rate * np.exp(-rate * z)


def _weibull_cdf(z: Any, scale: Any, shape: Any) -> Any:
    return -np.expm1(-((z / scale) ** shape))


def _weibull_pdf(z: Any, scale: Any, shape: Any) -> Any:
    return shape / z * (z / scale) ** shape * np.exp(-((z / scale) ** shape))


def _gamma_cdf(z: Any, concentration: Any, rate: Any) -> Array:
    return _special(torch.special.gammainc, concentration, rate * z)


def _gamma_pdf(z: Any, concentration: Any, rate: Any) -> Any:
    return np.exp(concentration * np.log(rate * z) - rate * z - _special(torch.special.gammaln, concentration)) / z


NORMAL = Distribution("normal", _normal_cdf, _normal_pdf)
LOGISTIC = Distribution("logistic", _logistic_cdf, _logistic_pdf)
EXPONENTIAL = Distribution("exponential", _exponential_cdf, _exponential_pdf)
WEIBULL = Distribution("weibull", _weibull_cdf, _weibull_pdf)
GAMMA = Distribution("gamma", _gamma_cdf, _gamma_pdf)


def pathwise(z: Any, cdf: Callable[..., Any], pdf: Callable[..., Any], params: Sequence[Any], step: float = 1e-5) -> list[Array]:  # noqa: ARG001  # as asked for
    """dz/dparam for each parameter, accurate to about 1e-10: five-point differences of the CDF, with a step of their own.

    Source: Figurnov, Mohamed & Mnih (2018), equation 6; Abramowitz & Stegun (1964), 25.3.6.
    """
    wide = 1e-3
    gradients = []
    for index in range(len(params)):

        def rise(distance: float, index: int = index) -> Any:
            upper, lower = ([*params[:index], params[index] + move, *params[index + 1 :]] for move in (distance, -distance))
            return cdf(z, *upper) - cdf(z, *lower)

        slope = (8.0 * rise(wide) - rise(2.0 * wide)) / (12.0 * wide)
        gradients.append(np.asarray(-slope / pdf(z, *params)))
    return gradients
