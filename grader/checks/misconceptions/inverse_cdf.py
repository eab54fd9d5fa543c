"""Known mistakes in `inverse_cdf.py`. All but those of `sample_inverse_cdf`, which is random, are recognised by their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks import sampling
from grader.checks.misconceptions.record import Misconception
from grader.checks.misconceptions.sampler import ARRANGED, GENERATOR, SHARED

Array = NDArray[Any]
Rows = tuple[tuple[str, str, *tuple[Callable[..., Any], ...]], ...]

INSERT = "Insert your result into the CDF of the docstring: does u come back?"
DIGITS = "See the section on the tails: evaluate each step for u = 1e-12 and count the digits that are left. `log1p` and `expm1` never form the sum."
BOUNDS = "The formula is finite for every u between 0 and 1: it needs neither `clip` nor a small constant."
ONE_EACH = "Which shape does u have when it is drawn? Each element of the result needs a u of its own."
ONLY_SOURCE = (
    "All randomness has to come from the generator that is passed, and a generator moves on with every draw: do not seed, copy or replace it."
)
UNIFORM = "Try it with `lambda u: u` in the place of icdf, and look at a histogram."

MARGINS = tuple(10.0**-power for power in range(2, 13))


def _kept_inside(quantile: Callable[..., Any], *more: Callable[..., Any]) -> tuple[str, str, *tuple[Callable[..., Any], ...]]:
    """The row of those who keep u away from 0 and 1."""
    ways: tuple[Callable[[Array, float], Array], ...] = (
        lambda u, margin: np.clip(u, margin, 1 - margin),
        lambda u, margin: np.maximum(u, margin),
        lambda u, margin: np.minimum(u, 1 - margin),
        lambda u, margin: u + margin,
        lambda u, margin: u - margin,
    )
    formulas = [lambda u, *params, way=way, margin=margin: quantile(way(u, margin), *params) for way in ways for margin in MARGINS]
    return ("kept-inside", "u is kept away from 0 or 1 by a margin, and the tails are lost.", *(formulas + list(more)))


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
    (
        "plus-for-minus",
        "Inside the logarithm u is added where it should be subtracted.",
        lambda u, rate: np.log1p(u) / rate,
        lambda u, rate: -np.log1p(u) / rate,
    ),
    ("base-two", "The logarithm has base 2.", lambda u, rate: -np.log2(1 - u) / rate),
    ("base-ten", "The logarithm has base 10.", lambda u, rate: -np.log10(1 - u) / rate),
    ("swapped", "u and rate have changed places.", lambda u, rate: -np.log1p(-rate) / u),
    ("inverted", "Numerator and denominator are exchanged.", lambda u, rate: -rate / np.log1p(-u)),
    (
        "rate-subtracted",
        "rate is subtracted or added where it should divide.",
        lambda u, rate: -np.log1p(-u) - rate,
        lambda u, rate: -np.log1p(-u) + rate,
    ),
    (
        "logarithm-missing",
        "The logarithm is missing.",
        lambda u, rate: (1 - u) / rate,
        lambda u, rate: u / rate,
        lambda u, rate: -(1 - u) / rate,
        lambda u, rate: 1 / (rate * (1 - u)),
    ),
    (
        "density-inverted",
        "This inverts the density, not the CDF.",
        lambda u, rate: -np.log(u / rate) / rate,
    ),
    (
        "gumbel",
        "This is the inverse CDF of a Gumbel distribution.",
        lambda u, rate: -np.log(-np.log(u)) / rate,
        lambda u, rate: np.log(-np.log1p(-u)) / rate,
    ),
    ("rate-squared", "rate divides twice.", lambda u, rate: -np.log1p(-u) / rate**2),
    (
        "logarithm-shifted",
        "A small constant is added inside the logarithm.",
        *(lambda u, rate, margin=margin: -np.log(1 - u + margin) / rate for margin in MARGINS),
    ),
    _kept_inside(
        lambda u, rate: -np.log1p(-u) / rate,
        *(lambda u, rate, margin=margin: -np.log(np.maximum(1 - u, margin)) / rate for margin in MARGINS),
    ),
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
    (
        "larger-logarithm-only",
        "On each side of 1/2 only one of the two logarithms is left.",
        lambda u, loc, scale: loc + scale * np.where(u < 0.5, np.log(u), -np.log1p(-u)),
    ),
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
    ("base-two", "The logarithm has base 2.", lambda u, loc, scale: loc + scale * (np.log2(u) - np.log2(1 - u))),
    ("loc-times-logit", "loc is multiplied by the logit as well.", lambda u, loc, scale: (loc + scale) * (np.log(u) - np.log1p(-u))),
    ("product-for-sum", "loc is multiplied where it should be added.", lambda u, loc, scale: loc * scale * (np.log(u) - np.log1p(-u))),
    (
        "brackets-missing",
        "scale reaches only one of the two logarithms: brackets are missing.",
        lambda u, loc, scale: loc + scale * np.log(u) - np.log1p(-u),
        lambda u, loc, scale: loc + np.log(u) - scale * np.log1p(-u),
        lambda u, loc, scale: loc + scale * np.log(u / 1 - u),
    ),
    ("half-logit", "The function of u is half of what it should be.", lambda u, loc, scale: loc + scale * (np.log(u) - np.log1p(-u)) / 2),
    ("double-logit", "The function of u is twice what it should be.", lambda u, loc, scale: loc + scale * (np.log(u) - np.log1p(-u)) * 2),
    (
        "scale-as-sd",
        "scale is treated as a standard deviation: the formula contains neither pi nor a root.",
        lambda u, loc, scale: loc + scale * np.sqrt(3) / np.pi * (np.log(u) - np.log1p(-u)),
        lambda u, loc, scale: loc + scale * np.pi / np.sqrt(3) * (np.log(u) - np.log1p(-u)),
    ),
    (
        "ratio-of-logarithms",
        "The logarithms are divided by each other where their difference is needed.",
        lambda u, loc, scale: loc + scale * np.log(u) / np.log1p(-u),
    ),
    (
        "gumbel",
        "This is the inverse CDF of a Gumbel distribution.",
        lambda u, loc, scale: loc - scale * np.log(-np.log(u)),
        lambda u, loc, scale: loc + scale * np.log(-np.log1p(-u)),
    ),
    ("scale-as-logarithm", "scale is treated as if it were a logarithm.", lambda u, loc, scale: loc + np.exp(scale) * (np.log(u) - np.log1p(-u))),
    ("scale-squared", "scale is squared.", lambda u, loc, scale: loc + scale**2 * (np.log(u) - np.log1p(-u))),
    (
        "plus-for-minus",
        "Inside a logarithm u is added to 1 where it should be subtracted.",
        lambda u, loc, scale: loc + scale * (np.log(u) - np.log1p(u)),
    ),
    (
        "laplace",
        "This is the inverse CDF of the Laplace distribution.",
        lambda u, loc, scale: loc - scale * np.sign(u - 0.5) * np.log(2.0 * np.minimum(u, 1.0 - u)),
    ),
    ("normal", "This is the inverse CDF of the normal distribution.", lambda u, loc, scale: loc + scale * sampling.normal_scores(u)),
    _kept_inside(lambda u, loc, scale: loc + scale * (np.log(u) - np.log1p(-u))),
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
        lambda u, loc, scale: loc - scale * _without_two(1.0 - u),  # the median belongs to the other branch
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
    (
        "branches-exchanged",
        "Each branch is used on the side of the median where the other one belongs.",
        lambda u, loc, scale: np.where(u < 0.5, loc - scale * np.log(2 * (1 - u)), loc + scale * np.log(2 * u)),
        lambda u, loc, scale: np.where(u <= 0.5, loc - scale * np.log(2 * (1 - u)), loc + scale * np.log(2 * u)),
    ),
    (
        "median-left-out",
        "Neither branch is meant for u = 1/2.",
        *(lambda u, loc, scale, left=left: np.where(u == 0.5, left, loc + scale * _laplace(u)) for left in (0.0, np.nan)),
    ),
    (
        "one-minus-u-missing",
        "Above the median u itself stands where the probability of the upper tail belongs.",
        lambda u, loc, scale: np.where(u < 0.5, loc + scale * np.log(2 * u), loc - scale * np.log(2 * u)),
    ),
    (
        "compared-with-loc",
        "u is compared with loc: the branches meet where u is 1/2.",
        lambda u, loc, scale: np.where(u < loc, loc + scale * np.log(2 * u), loc - scale * np.log(2 * (1 - u))),
        lambda u, loc, scale: np.where(u <= loc, loc + scale * np.log(2 * u), loc - scale * np.log(2 * (1 - u))),
    ),
    (
        "one-branch-for-all",
        "One branch is chosen for the whole array, but each element needs its own.",
        *(
            lambda u, loc, scale, low=low: loc + scale * np.log(2 * u) if low(u) else loc - scale * np.log(2 * (1 - u))
            for low in (
                lambda u: np.all(u < 0.5),
                lambda u: np.any(u < 0.5),
                lambda u: np.mean(u) < 0.5,
                lambda u: np.ravel(u)[0] < 0.5,
                lambda u: np.all(u <= 0.5),
                lambda u: np.any(u <= 0.5),
            )
        ),
    ),
    (
        "two-missing-on-one-side",
        "On one side of the median a factor 2 is missing inside the logarithm.",
        lambda u, loc, scale: np.where(u < 0.5, loc + scale * np.log(2 * u), loc - scale * np.log(1 - u)),
        lambda u, loc, scale: np.where(u < 0.5, loc + scale * np.log(u), loc - scale * np.log(2 * (1 - u))),
    ),
    (
        "two-not-on-bracket",
        "Above the median the factor 2 does not act on the whole bracket.",
        lambda u, loc, scale: np.where(u < 0.5, loc + scale * np.log(2 * u), loc - scale * np.log(2 - u)),
        lambda u, loc, scale: np.where(u < 0.5, loc + scale * np.log(2 * u), loc - scale * np.log(1 - 2 * u)),
    ),
    (
        "two-below",
        "The factor 2 divides where it should multiply.",
        lambda u, loc, scale: np.where(u < 0.5, loc + scale * np.log(u / 2), loc - scale * np.log((1 - u) / 2)),
        lambda u, loc, scale: loc - scale * np.sign(u - 0.5) * np.log(np.minimum(u, 1 - u) / 2),
    ),
    ("doubled", "The function of u is twice what it should be.", lambda u, loc, scale: loc + 2 * scale * _laplace(u)),
    ("halved", "The function of u is half of what it should be.", lambda u, loc, scale: loc + scale * _laplace(u) / 2),
    ("loc-scaled", "loc is multiplied by scale as well.", lambda u, loc, scale: scale * (loc + _laplace(u))),
    ("product-for-sum", "loc is multiplied where it should be added.", lambda u, loc, scale: loc * scale * _laplace(u)),
    ("scale-squared", "scale is squared.", lambda u, loc, scale: loc + scale**2 * _laplace(u)),
    ("scale-as-sd-inverted", "A factor root 2 stands beside scale: the formula has none.", lambda u, loc, scale: loc + scale * _laplace(u) * 2**0.5),
    ("base-ten", "The logarithm has base 10.", lambda u, loc, scale: loc + scale * _laplace(u) / np.log(10)),
    ("base-two", "The logarithm has base 2.", lambda u, loc, scale: loc + scale * _laplace(u) / np.log(2)),
    (
        "cdf",
        "This is the CDF, not its inverse.",
        lambda u, loc, scale: np.where(u <= loc, 0.5 * np.exp((u - loc) / scale), 1 - 0.5 * np.exp(-(u - loc) / scale)),
    ),
    ("normal", "This is the inverse CDF of the normal distribution.", lambda u, loc, scale: loc + scale * sampling.normal_scores(u)),
    _kept_inside(
        lambda u, loc, scale: loc + scale * _laplace(u),
        # A bound on 2u is twice as far out.
        *(lambda u, loc, scale, margin=margin: loc + scale * _laplace(np.clip(u, margin / 2, 1 - margin / 2)) for margin in MARGINS),
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
    ("whole-exponents", "1 // a is a division without remainder: mostly 0.", lambda u, a, b: (1 - (1 - u) ** (1 // b)) ** (1 // a)),
    ("u-for-one-minus-u", "u and 1 - u have changed places: the result falls where F^-1 rises.", lambda u, a, b: (1 - u ** (1 / b)) ** (1 / a)),
    (
        "swapped-and-not-inverted",
        "a and b have changed places, and an exponent is not inverted.",
        lambda u, a, b: (1 - (1 - u) ** a) ** (1 / b),
        lambda u, a, b: (1 - (1 - u) ** (1 / a)) ** b,
        lambda u, a, b: (1 - (1 - u) ** a) ** b,
    ),
    ("exponents-not-inverted", "The exponents are a and b; solving for z turns them into roots.", lambda u, a, b: (1 - (1 - u) ** b) ** a),
    ("inner-exponent-not-inverted", "b is an exponent where it should be a root.", lambda u, a, b: (1 - (1 - u) ** b) ** (1 / a)),
    ("outer-exponent-not-inverted", "a is an exponent where it should be a root.", lambda u, a, b: (1 - (1 - u) ** (1 / b)) ** a),
    (
        "outer-root-missing",
        "The root that belongs to a is missing.",
        lambda u, a, b: 1 - (1 - u) ** (1 / b) + 0 * a,
        lambda u, a, b: -np.expm1(np.log1p(-u) / b) + 0 * a,
    ),
    ("inner-root-missing", "The root that belongs to b is missing.", lambda u, a, b: u ** (1 / a) + 0 * b),
    (
        "difference-missing",
        "A difference from 1 is missing.",
        lambda u, a, b: ((1 - u) ** (1 / b)) ** (1 / a),
        lambda u, a, b: (1 - u) ** ((1 / b) ** (1 / a)),
    ),
    ("one-minus-result", "1 - z comes back.", lambda u, a, b: 1 - (-np.expm1(np.log1p(-u) / b)) ** (1 / a)),
    (
        "nested-the-wrong-way",
        "The two roots are nested the wrong way round.",
        lambda u, a, b: 1 - (1 - u ** (1 / a)) ** (1 / b),
        lambda u, a, b: 1 - (1 - u ** (1 / b)) ** (1 / a),
    ),
    (
        "exponents-multiplied",
        "The two roots are taken of u at once, without a difference in between.",
        lambda u, a, b: u ** (1 / (a * b)),
    ),
    (
        "exponent-without-brackets",
        "`** 1 / b` divides by b after the power: the exponent needs brackets.",
        lambda u, a, b: (1 - (1 - u) ** 1 / b) ** (1 / a),
        lambda u, a, b: (1 - (1 - u) ** (1 / b)) ** 1 / a,
        lambda u, a, b: (1 - (1 - u) ** 1 / b) ** 1 / a,
    ),
    _kept_inside(lambda u, a, b: (-np.expm1(np.log1p(-u) / b)) ** (1 / a)),
    ("cdf", "This is the CDF, not its inverse.", lambda u, a, b: 1 - (1 - u**a) ** b),
    ("density", "This is the density, not the inverse of the CDF.", lambda u, a, b: a * b * u ** (a - 1) * (1 - u**a) ** (b - 1)),
)

_RANDOM = (
    ("zero-not-excluded", "u can be exactly 0, where an inverse CDF may be infinite.", "What is the smallest number that `rng.random()` may return?"),
    ("one-not-excluded", "u can be exactly 1, where an inverse CDF may be infinite.", "What does 1 - u become when `rng.random()` returns 0?"),
    ("beyond-one", "u can reach 1 or go beyond it.", "To add a small number keeps u away from 0, and moves the largest numbers past 1."),
    ("normal-noise", "u is drawn from a normal distribution, not from the uniform one.", UNIFORM),
    ("noise-not-uniform", "u is not uniform on (0, 1).", UNIFORM),
    ("icdf-ignored", "The result is u itself: icdf was never applied.", "What turns u into a draw from the distribution?"),
    ("infinity-replaced", "An infinity is replaced by an enormous number, which is no draw either.", "u itself must not be 0, nor 1."),
    (
        "parameters-swapped",
        "The parameters are passed on in the wrong order.",
        "icdf(u, *params) hands them over as they come.",
    ),
    (
        "shape-of-parameters",
        "The number of draws is taken from the parameters.",
        "`shape` says how many draws are asked for; parameters may be single numbers, and there may be none.",
    ),
    (
        "parameters-taken-apart",
        "The parameters are taken one by one, and there are not always as many.",
        "icdf(u, *params) hands them over as they come: one, several or none.",
    ),
    ("no-noise", "The result is not random at all.", ONLY_SOURCE),
    *((slug, says, ONE_EACH) for slug, says in ARRANGED.items() if slug != "noise-standardized"),
    *((slug, says, ONE_EACH) for slug, says in SHARED.items() if "-of-" not in slug),
    *((slug, says, ONLY_SOURCE) for slug, says in GENERATOR.items()),
)


def _quantile_rows(function: str, rows: Rows) -> list[Misconception]:
    name = function.replace("_", "-")
    looks = {"cancellation": DIGITS, "kept-inside": BOUNDS}
    return [
        Misconception(f"{name}-{slug}", function, says, next((look for part, look in looks.items() if part in slug), INSERT), None, tuple(formulas))
        for slug, says, *formulas in rows
    ]


MISCONCEPTIONS: tuple[Misconception, ...] = (
    *_quantile_rows("exponential_icdf", _EXPONENTIAL),
    *_quantile_rows("logistic_icdf", _LOGISTIC),
    *_quantile_rows("laplace_icdf", _LAPLACE),
    *_quantile_rows("kumaraswamy_icdf", _KUMARASWAMY),
    *(Misconception(f"sample-inverse-cdf-{slug}", "sample_inverse_cdf", says, look) for slug, says, look in _RANDOM),
)
