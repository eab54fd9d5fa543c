"""Known mistakes in `inverse_cdf.py`. All but those of `sample_inverse_cdf`, which is random, are recognised by their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.misconceptions.record import Misconception
from grader.checks.misconceptions.sampler import GENERATOR, SHARED

Array = NDArray[Any]
Rows = tuple[tuple[str, str, Callable[..., Any]], ...]
GradientRows = tuple[tuple[str, str, str, Callable[..., Any]], ...]

INSERT = "Insert your result into the CDF of the docstring: does u come back?"
DIGITS = "See the section on the tails: evaluate each step for u = 1e-12 and count the digits that are left. `log1p` and `expm1` never form the sum."
DERIVE = "Hold u fixed, write z as a function of the parameters, and differentiate that."
SUM_UP = "A parameter that broadcasting stretched acts on many elements of z: their contributions add up, in the parameter's own shape."
ONE_EACH = "Which shape does u have when it is drawn? Each element of the result needs a u of its own."
ONLY_SOURCE = (
    "All randomness has to come from the generator that is passed, and a generator moves on with every draw: do not seed, copy or replace it."
)
UNIFORM = "Try it with `lambda u: u` in the place of icdf, and look at a histogram."

_EXPONENTIAL: Rows = (
    ("cancellation", "1 - u is formed before the logarithm is taken: a tiny u gets lost.", lambda u, rate: -np.log(1 - u) / rate),
    ("rate-as-scale", "rate is used as a scale: a larger rate means smaller draws.", lambda u, rate: -np.log1p(-u) * rate),
    ("u-for-one-minus-u", "u and 1 - u have changed places: the result falls where F^-1 rises.", lambda u, rate: -np.log(u) / rate),
    ("rate-as-scale-and-u-for-one-minus-u", "rate is used as a scale, and u and 1 - u have changed places.", lambda u, rate: -np.log(u) * rate),
    ("sign", "The sign is wrong: an exponential draw is positive.", lambda u, rate: np.log1p(-u) / rate),
    ("sign-and-u-for-one-minus-u", "The sign is wrong, and u and 1 - u have changed places.", lambda u, rate: np.log(u) / rate),
    ("cdf", "This is the CDF, not its inverse.", lambda u, rate: -np.expm1(-rate * u)),
    ("density", "This is the density, not the inverse of the CDF.", lambda u, rate: rate * np.exp(-rate * u)),
    ("rate-ignored", "rate plays no part in the result.", lambda u, rate: -np.log1p(-u) + 0 * rate),
    ("rate-inside", "rate ends up inside the logarithm.", lambda u, rate: -np.log1p(-u / rate)),
    ("plus-for-minus", "Inside the logarithm u is added where it should be subtracted.", lambda u, rate: np.log1p(u) / rate),
    ("base-two", "The logarithm has base 2.", lambda u, rate: -np.log2(1 - u) / rate),
    ("base-ten", "The logarithm has base 10.", lambda u, rate: -np.log10(1 - u) / rate),
    ("swapped", "u and rate have changed places.", lambda u, rate: -np.log1p(-rate) / u),
)
_LOGISTIC: Rows = (
    ("cancellation", "1/u - 1 loses its digits when u comes close to 1.", lambda u, loc, scale: loc - scale * np.log(1 / u - 1)),
    ("cancellation-by-tanh", "2u - 1 loses the digits of a tiny u.", lambda u, loc, scale: loc + 2 * scale * np.arctanh(2 * u - 1)),
    (
        "reversed",
        "u and 1 - u have changed places: the result falls where F^-1 rises.",
        lambda u, loc, scale: loc - scale * (np.log(u) - np.log1p(-u)),
    ),
    ("log-u-only", "log(u) is only a part of the logit.", lambda u, loc, scale: loc + scale * np.log(u)),
    ("log-one-minus-u-only", "log(1 - u) is only a part of the logit.", lambda u, loc, scale: loc - scale * np.log1p(-u)),
    ("sum-of-logarithms", "The two logarithms are added.", lambda u, loc, scale: loc + scale * (np.log(u) + np.log1p(-u))),
    ("odds", "These are the odds; the logarithm is missing.", lambda u, loc, scale: loc + scale * u / (1 - u)),
    ("cdf", "This is the CDF, not its inverse.", lambda u, loc, scale: 1 / (1 + np.exp(-(u - loc) / scale))),
    ("divided-by-scale", "The logit is divided by scale.", lambda u, loc, scale: loc + (np.log(u) - np.log1p(-u)) / scale),
    ("scale-ignored", "scale plays no part in the result.", lambda u, loc, scale: loc + np.log(u) - np.log1p(-u) + 0 * scale),
    ("loc-ignored", "loc plays no part in the result.", lambda u, loc, scale: scale * (np.log(u) - np.log1p(-u)) + 0 * loc),
    ("loc-subtracted", "loc enters with the wrong sign.", lambda u, loc, scale: scale * (np.log(u) - np.log1p(-u)) - loc),
    ("loc-scaled", "loc is multiplied by scale as well.", lambda u, loc, scale: scale * (loc + np.log(u) - np.log1p(-u))),
    ("loc-scale-swapped", "loc and scale have changed places.", lambda u, loc, scale: scale + loc * (np.log(u) - np.log1p(-u))),
    ("base-ten", "The logarithm has base 10.", lambda u, loc, scale: loc + scale * (np.log10(u) - np.log10(1 - u))),
)


def _laplace(u: Array) -> Array:
    return -np.sign(u - 0.5) * np.log(2.0 * np.minimum(u, 1.0 - u))


def _without_two(u: Array) -> Array:
    return np.where(u < 0.5, np.log(u), -np.log(1.0 - u))


_LAPLACE: Rows = (
    (
        "cancellation",
        "1 - 2|u - 1/2| loses the digits of a tiny u.",
        lambda u, loc, scale: loc - scale * np.sign(u - 0.5) * np.log1p(-2 * np.abs(u - 0.5)),
    ),
    ("reversed", "The two tails have changed places: the result falls where F^-1 rises.", lambda u, loc, scale: loc - scale * _laplace(u)),
    ("sign-missing", "Both tails point the same way: the sign of u - 1/2 is missing.", lambda u, loc, scale: loc + scale * np.abs(_laplace(u))),
    ("sign-missing-negative", "Both tails point the same way: the sign is missing.", lambda u, loc, scale: loc - scale * np.abs(_laplace(u))),
    ("lower-branch-only", "The branch below the median is used for every u.", lambda u, loc, scale: loc + scale * np.log(2 * u)),
    ("upper-branch-only", "The branch above the median is used for every u.", lambda u, loc, scale: loc - scale * np.log(2 * (1 - u))),
    (
        "two-missing",
        "A factor 2 is missing inside the logarithm: at the median the result jumps.",
        lambda u, loc, scale: loc + scale * _without_two(u),
    ),
    (
        "two-missing-but-for-the-median",
        "A factor 2 is missing inside the logarithm: around the median the result jumps.",
        lambda u, loc, scale: loc + scale * np.where(u == 0.5, 0.0, _without_two(u)),
    ),
    (
        "two-missing-beside-u",
        "A factor 2 is missing beside |u - 1/2|.",
        lambda u, loc, scale: loc - scale * np.sign(u - 0.5) * np.log(1 - np.abs(u - 0.5)),
    ),
    (
        "branches-mixed-up",
        "u and 1 - u have changed places inside the logarithms.",
        lambda u, loc, scale: loc - scale * np.sign(u - 0.5) * np.log(2 * np.maximum(u, 1 - u)),
    ),
    ("divided-by-scale", "The result is divided by scale.", lambda u, loc, scale: loc + _laplace(u) / scale),
    ("scale-ignored", "scale plays no part in the result.", lambda u, loc, scale: loc + _laplace(u) + 0 * scale),
    ("loc-ignored", "loc plays no part in the result.", lambda u, loc, scale: scale * _laplace(u) + 0 * loc),
    ("loc-subtracted", "loc enters with the wrong sign.", lambda u, loc, scale: scale * _laplace(u) - loc),
    ("loc-scale-swapped", "loc and scale have changed places.", lambda u, loc, scale: scale + loc * _laplace(u)),
    (
        "scale-as-sd",
        "scale is treated as a standard deviation: the formula has no square root of 2.",
        lambda u, loc, scale: loc + scale * _laplace(u) / 2**0.5,
    ),
    ("logistic", "This is the inverse CDF of the logistic distribution.", lambda u, loc, scale: loc + scale * (np.log(u) - np.log1p(-u))),
)
_KUMARASWAMY: Rows = (
    ("cancellation", "Both differences from 1 are formed as they stand: a tiny u gets lost.", lambda u, a, b: (1 - (1 - u) ** (1 / b)) ** (1 / a)),
    (
        "cancellation-inside",
        "The inner difference 1 - u is formed before the logarithm is taken: a tiny u gets lost.",
        lambda u, a, b: (-np.expm1(np.log(1 - u) / b)) ** (1 / a),
    ),
    (
        "cancellation-outside",
        "The outer difference from 1 is formed as it stands: a tiny u gets lost there.",
        lambda u, a, b: (1 - np.exp(np.log1p(-u) / b)) ** (1 / a),
    ),
    ("swapped", "a and b have changed places.", lambda u, a, b: (-np.expm1(np.log1p(-u) / a)) ** (1 / b)),
    ("u-for-one-minus-u", "u and 1 - u have changed places: the result falls where F^-1 rises.", lambda u, a, b: (1 - u ** (1 / b)) ** (1 / a)),
    ("exponents-not-inverted", "The exponents are a and b; solving for z turns them into roots.", lambda u, a, b: (1 - (1 - u) ** b) ** a),
    ("inner-exponent-not-inverted", "b is an exponent where it should be a root.", lambda u, a, b: (1 - (1 - u) ** b) ** (1 / a)),
    ("outer-exponent-not-inverted", "a is an exponent where it should be a root.", lambda u, a, b: (1 - (1 - u) ** (1 / b)) ** a),
    ("outer-root-missing", "The root that belongs to a is missing.", lambda u, a, b: 1 - (1 - u) ** (1 / b) + 0 * a),
    ("inner-root-missing", "The root that belongs to b is missing.", lambda u, a, b: u ** (1 / a) + 0 * b),
    ("difference-missing", "A difference from 1 is missing.", lambda u, a, b: ((1 - u) ** (1 / b)) ** (1 / a)),
    ("cdf", "This is the CDF, not its inverse.", lambda u, a, b: 1 - (1 - u**a) ** b),
    ("density", "This is the density, not the inverse of the CDF.", lambda u, a, b: a * b * u ** (a - 1) * (1 - u**a) ** (b - 1)),
)

_RANDOM = (
    ("zero-not-excluded", "u can be exactly 0, where an inverse CDF may be infinite.", "What is the smallest number that `rng.random()` may return?"),
    ("one-not-excluded", "u can be exactly 1, where an inverse CDF may be infinite.", "What does 1 - u become when `rng.random()` returns 0?"),
    ("normal-noise", "u is drawn from a normal distribution, not from the uniform one.", UNIFORM),
    ("noise-not-uniform", "u is not uniform on (0, 1).", UNIFORM),
    ("icdf-ignored", "The result is u itself: icdf was never applied.", "What turns u into a draw from the distribution?"),
    ("no-noise", "The result is not random at all.", ONLY_SOURCE),
    *((slug, says, ONE_EACH) for slug, says in SHARED.items() if "-of-" not in slug),
    *((slug, says, ONLY_SOURCE) for slug, says in GENERATOR.items()),
)


def _summed(gradient: Any, parameter: Any, total: Callable[..., Any] = np.sum) -> Any:
    """Sum, or something else, over the axes along which broadcasting stretched a parameter."""
    gradient, shape = np.asarray(gradient), np.shape(parameter)
    added = gradient.ndim - len(shape)
    axes = (*range(added), *(added + axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[added + axis] > 1))
    return np.reshape(total(gradient, axis=axes), shape) if axes else gradient


def _logit(u: Array) -> Array:
    return np.log(u) - np.log1p(-u)


_EXPONENTIAL_BACKWARD: GradientRows = (
    ("sign", "The sign is wrong: a larger rate pulls every draw towards 0.", DERIVE, lambda g, u, r: _summed(-g * np.log1p(-u) / r**2, r)),
    ("rate-not-squared", "The derivative of 1/rate has rate squared below it.", DERIVE, lambda g, u, r: _summed(g * np.log1p(-u) / r, r)),
    ("rate-missing", "rate does not appear in the derivative.", DERIVE, lambda g, u, r: _summed(g * np.log1p(-u), r)),
    ("rate-cubed", "There is one rate too many in the derivative.", DERIVE, lambda g, u, r: _summed(g * np.log1p(-u) / r**3, r)),
    ("rate-as-scale", "The derivative belongs to a scale, not to a rate.", DERIVE, lambda g, u, r: _summed(-g * np.log1p(-u), r)),
    ("forward", "This is grad_z times z: the derivative is missing.", DERIVE, lambda g, u, r: _summed(-g * np.log1p(-u) / r, r)),
    (
        "grad-z-ignored",
        "The gradient that arrives, grad_z, plays no part.",
        "The chain rule multiplies it in.",
        lambda g, u, r: _summed(np.log1p(-u) / r**2 + 0 * g, r),
    ),
    ("u-for-one-minus-u", "u and 1 - u have changed places.", DERIVE, lambda g, u, r: _summed(g * np.log(u) / r**2, r)),
    ("derivative-in-u", "This is the derivative with respect to u.", DERIVE, lambda g, u, r: _summed(g / ((1 - u) * r), r)),
    (
        "unsummed",
        "The gradient has z's shape, not rate's: what broadcasting expanded is not summed.",
        SUM_UP,
        lambda g, u, r: g * np.log1p(-u) / r**2,
    ),
    ("mean-for-sum", "What broadcasting expanded is averaged.", SUM_UP, lambda g, u, r: _summed(g * np.log1p(-u) / r**2, r, np.mean)),
    ("summed-over-all", "The gradient is summed over every axis.", SUM_UP, lambda g, u, r: np.sum(g * np.log1p(-u) / r**2)),
    ("summed-over-batch", "The gradient is always summed over the first axis.", SUM_UP, lambda g, u, r: np.sum(g * np.log1p(-u) / r**2, axis=0)),
)
_LOGISTIC_BACKWARD: GradientRows = (
    ("order-swapped", "The two gradients come in the wrong order.", DERIVE, lambda g, u, m, s: (_summed(g * _logit(u), s), _summed(g, m))),
    ("reversed", "u and 1 - u have changed places.", DERIVE, lambda g, u, m, s: (_summed(g, m), _summed(-g * _logit(u), s))),
    ("scale-multiplied", "scale is multiplied into its own derivative.", DERIVE, lambda g, u, m, s: (_summed(g, m), _summed(g * s * _logit(u), s))),
    ("scale-divided", "The derivative is divided by scale.", DERIVE, lambda g, u, m, s: (_summed(g, m), _summed(g * _logit(u) / s, s))),
    ("forward", "z itself is used in the place of its derivative.", DERIVE, lambda g, u, m, s: (_summed(g, m), _summed(g * (m + s * _logit(u)), s))),
    ("log-u-only", "log(u) is only a part of the logit.", DERIVE, lambda g, u, m, s: (_summed(g, m), _summed(g * np.log(u), s))),
    ("u-for-logit", "u stands where the standard draw belongs.", DERIVE, lambda g, u, m, s: (_summed(g, m), _summed(g * u, s))),
    (
        "grad-z-ignored",
        "The gradient that arrives, grad_z, plays no part.",
        "The chain rule multiplies it in.",
        lambda g, u, m, s: (_summed(np.ones_like(g), m), _summed(_logit(u) + 0 * g, s)),
    ),
    (
        "grad-z-ignored-for-loc",
        "grad_z plays no part in the gradient for loc.",
        "The chain rule multiplies it in.",
        lambda g, u, m, s: (_summed(np.ones_like(g), m), _summed(g * _logit(u), s)),
    ),
    (
        "grad-z-ignored-for-scale",
        "grad_z plays no part in the gradient for scale.",
        "The chain rule multiplies it in.",
        lambda g, u, m, s: (_summed(g, m), _summed(_logit(u) + 0 * g, s)),
    ),
    ("grad-loc-scaled", "The gradient for loc is multiplied by scale.", DERIVE, lambda g, u, m, s: (_summed(g * s, m), _summed(g * _logit(u), s))),
    ("unsummed", "The gradients have z's shape: what broadcasting expanded is not summed.", SUM_UP, lambda g, u, m, s: (g, g * _logit(u))),
    (
        "mean-for-sum",
        "What broadcasting expanded is averaged.",
        SUM_UP,
        lambda g, u, m, s: (_summed(g, m, np.mean), _summed(g * _logit(u), s, np.mean)),
    ),
    ("summed-over-all", "The gradients are summed over every axis.", SUM_UP, lambda g, u, m, s: (np.sum(g), np.sum(g * _logit(u)))),
    (
        "summed-over-batch",
        "The gradients are always summed over the first axis.",
        SUM_UP,
        lambda g, u, m, s: (np.sum(g, axis=0), np.sum(g * _logit(u), axis=0)),
    ),
)


def _quantile_rows(function: str, rows: Rows) -> list[Misconception]:
    name = function.replace("_", "-")
    return [Misconception(f"{name}-{slug}", function, says, DIGITS if "cancellation" in slug else INSERT, formula) for slug, says, formula in rows]


MISCONCEPTIONS: tuple[Misconception, ...] = (
    *_quantile_rows("exponential_icdf", _EXPONENTIAL),
    *_quantile_rows("logistic_icdf", _LOGISTIC),
    *_quantile_rows("laplace_icdf", _LAPLACE),
    *_quantile_rows("kumaraswamy_icdf", _KUMARASWAMY),
    *(Misconception(f"sample-inverse-cdf-{slug}", "sample_inverse_cdf", says, look) for slug, says, look in _RANDOM),
    *(
        Misconception(f"exponential-icdf-backward-{slug}", "exponential_icdf_backward", says, look, formula)
        for slug, says, look, formula in _EXPONENTIAL_BACKWARD
    ),
    *(
        Misconception(f"logistic-icdf-backward-{slug}", "logistic_icdf_backward", says, look, formula)
        for slug, says, look, formula in _LOGISTIC_BACKWARD
    ),
)
