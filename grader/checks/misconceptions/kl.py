"""Known mistakes in the KL divergence; the gradients of `kl.py` have modules of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from grader.checks.misconceptions.record import Misconception
from grader.unit import current

NUMBERS = current().walk_through.derived()
CLOSED_FORM = "Compare your line with the closed form in the handout, term by term."


def _summed(divergence: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An element-wise formula, summed over the last axis as it should be."""
    return lambda mu, sigma: np.sum(divergence(mu, sigma), axis=-1)


def _each(mu: Any, sigma: Any) -> Any:
    """The right divergence of every latent dimension."""
    return 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma)


def _variance_shifted(shift: float) -> Callable[[Any, Any], Any]:
    return _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0 - np.log(sigma**2 + shift)))


def _sigma_shifted(shift: float) -> Callable[[Any, Any], Any]:
    return _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma + shift))


def _divergence(name: str, says: str, look: str, formula: Callable[[Any, Any], Any], *also: Callable[[Any, Any], Any]) -> Misconception:
    return Misconception(f"kl-{name}", "kl_divergence", says, look, formula, also)


AXES = "The latent dimensions are the last axis: a batch of codes gives a batch of divergences."

SHIFTS = tuple(10.0**-power for power in range(2, 13))

VALUES: tuple[Misconception, ...] = (
    _divergence(
        "log-of-sigma-not-of-variance",
        "The logarithm is that of sigma where the closed form has that of the variance.",
        "Mind that log(sigma^2) = 2 log(sigma).",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0 - np.log(sigma))),
    ),
    _divergence(
        "log-sign",
        "The logarithm comes in with the wrong sign.",
        "A divergence is never negative: try sigma = 0.1 and sigma = 10.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) + np.log(sigma)),
    ),
    _divergence(
        "log-squared",
        "The logarithm of sigma is squared where sigma inside the logarithm should be.",
        "log(sigma^2) and (log sigma)^2 are different numbers; only one of them is 2 log(sigma).",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0 - np.log(sigma) ** 2)),
    ),
    _divergence(
        "sigma-as-variance",
        "sigma was taken for the variance.",
        "The function receives the standard deviation: sigma^2 is the variance.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma - 1.0 - np.log(sigma))),
    ),
    _divergence(
        "sigma-not-squared",
        "One term has sigma where the closed form has the variance.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma - 1.0) - np.log(sigma)),
    ),
    _divergence(
        "sigma-as-log-var",
        "sigma was taken for the logarithm of the variance.",
        "The function receives the standard deviation itself: no exponential is needed.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + np.exp(sigma) - 1.0 - sigma)),
    ),
    _divergence(
        "sigma-as-log-sigma",
        "sigma was taken for the logarithm of the standard deviation.",
        "The function receives the standard deviation itself: no exponential is needed.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + np.exp(2.0 * sigma) - 1.0) - sigma),
    ),
    _divergence(
        "missing-half",
        "The factor in front of the bracket is missing.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: 2.0 * _each(mu, sigma)),
    ),
    _divergence(
        "half-on-squares-only",
        "The factor in front of the bracket reaches only some of the terms.",
        "Set the brackets so that the factor acts on all terms: at mu = 0, sigma = 1 the divergence is zero.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2) - 1.0 - 2.0 * np.log(sigma)),
    ),
    _divergence(
        "half-not-on-log",
        "The factor in front of the bracket does not reach the logarithm.",
        "Set the brackets so that the factor acts on all terms, and compare with central values of sigma.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) - 2.0 * np.log(sigma)),
    ),
    _divergence(
        "one-not-halved",
        "The factor in front of the bracket does not reach the constant.",
        "The divergence of N(0, 1) from itself is zero: try mu = 0, sigma = 1.",
        _summed(lambda mu, sigma: _each(mu, sigma) - 0.5),
    ),
    _divergence(
        "missing-one",
        "A constant is missing.",
        "The divergence of N(0, 1) from itself is zero: try mu = 0, sigma = 1.",
        _summed(lambda mu, sigma: _each(mu, sigma) + 0.5),
    ),
    _divergence(
        "plus-one",
        "The constant has the wrong sign.",
        "The divergence of N(0, 1) from itself is zero: try mu = 0, sigma = 1.",
        _summed(lambda mu, sigma: _each(mu, sigma) + 1.0),
    ),
    _divergence(
        "one-once-per-code",
        "The constant was taken once a code; every latent dimension brings its own.",
        "Write the divergence of one latent dimension first and sum last.",
        lambda mu, sigma: 0.5 * (np.sum(mu**2 + sigma**2 - 2.0 * np.log(sigma), axis=-1) - 1.0),
    ),
    _divergence(
        "missing-log",
        "The logarithm is missing.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0)),
    ),
    _divergence(
        "missing-variance",
        "The variance itself is missing from the sum.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: 0.5 * (mu**2 - 1.0) - np.log(sigma)),
    ),
    _divergence(
        "missing-mu",
        "The mean is missing from the sum.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: _each(0.0, sigma) + 0.0 * mu),
    ),
    _divergence(
        "mu-not-squared",
        "The mean comes in without its square.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: _each(0.0, sigma) + 0.5 * mu),
    ),
    _divergence(
        "mu-subtracted",
        "The square of the mean comes in with the wrong sign.",
        "The farther the mean is from 0, the larger the divergence.",
        _summed(lambda mu, sigma: _each(0.0, sigma) - 0.5 * mu**2),
    ),
    _divergence(
        "reversed",
        "This is the divergence in the other direction, of N(0, 1) from N(mu, sigma^2).",
        "In KL(q || p) the average is taken over q, the first of the two.",
        _summed(lambda mu, sigma: 0.5 * ((1.0 + mu**2) / sigma**2 - 1.0) + np.log(sigma)),
    ),
    _divergence(
        "negative",
        "The sign of the whole is flipped.",
        "A divergence is never negative. (The evidence lower bound contains minus the divergence.)",
        _summed(lambda mu, sigma: -_each(mu, sigma)),
    ),
    _divergence(
        "swapped-arguments",
        "The mean and the standard deviation are mixed up.",
        "Only one of the two is positive, and only that one belongs into a logarithm.",
        _summed(lambda mu, sigma: _each(sigma, mu)),
    ),
    _divergence(
        "log-base-2",
        "The logarithm is the one to base 2.",
        "Nats, not bits: np.log is the natural logarithm.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) - np.log2(sigma)),
    ),
    _divergence(
        "log-base-10",
        "The logarithm is the one to base 10.",
        "np.log is the natural logarithm.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) - np.log10(sigma)),
    ),
    _divergence(
        "log-shifted",
        "A small constant is added to the argument of the logarithm.",
        "sigma is positive: the formula needs no constant for safety.",
        *map(_variance_shifted, SHIFTS),
        *map(_sigma_shifted, SHIFTS),
    ),
    _divergence(
        "absolute-mu",
        "The absolute value of the mean stands where its square belongs.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: _each(0.0, sigma) + 0.5 * np.abs(mu)),
    ),
    _divergence(
        "mu-not-halved",
        "The factor in front of the bracket does not reach the mean.",
        "Set the brackets so that the factor acts on all terms.",
        _summed(lambda mu, sigma: _each(0.0, sigma) + mu**2),
    ),
    _divergence(
        "variance-not-halved",
        "The factor in front of the bracket does not reach the variance.",
        "Set the brackets so that the factor acts on all terms.",
        _summed(lambda mu, sigma: _each(mu, sigma) + 0.5 * sigma**2),
    ),
    _divergence(
        "half-on-mu-only",
        "The factor in front of the bracket reaches the mean alone.",
        "Set the brackets so that the factor acts on all terms.",
        _summed(lambda mu, sigma: 0.5 * mu**2 + sigma**2 - 1.0 - 2.0 * np.log(sigma)),
    ),
    _divergence(
        "half-on-log-only",
        "The factor in front of the bracket reaches the logarithm alone.",
        "Set the brackets so that the factor acts on all terms, and mind that log(sigma^2) = 2 log(sigma).",
        _summed(lambda mu, sigma: mu**2 + sigma**2 - 1.0 - np.log(sigma)),
    ),
    _divergence(
        "square-of-sum",
        "Mean and standard deviation are added before they are squared.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: 0.5 * ((mu + sigma) ** 2 - 1.0) - np.log(sigma)),
        _summed(lambda mu, sigma: 0.5 * ((mu - sigma) ** 2 - 1.0) - np.log(sigma)),
    ),
    _divergence(
        "variance-subtracted",
        "The variance comes in with the wrong sign.",
        "A divergence is never negative: try sigma = 10.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 - sigma**2 - 1.0) - np.log(sigma)),
    ),
    _divergence(
        "mu-over-variance",
        "The square of the mean is divided by the variance.",
        "The variance below the bar is that of the second distribution, N(0, 1).",
        _summed(lambda mu, sigma: _each(0.0, sigma) + 0.5 * mu**2 / sigma**2),
    ),
    _divergence(
        "quartered",
        "The factor in front of the bracket is applied twice.",
        CLOSED_FORM,
        _summed(lambda mu, sigma: 0.5 * _each(mu, sigma)),
    ),
    _divergence(
        "cross-entropy",
        "This is the cross-entropy from N(mu, sigma^2) to N(0, 1); the entropy of N(mu, sigma^2) has not been subtracted.",
        "KL = E_q[log q(z) - log p(z)] has two parts.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 + np.log(2.0 * np.pi))),
    ),
    _divergence(
        "in-other-units",
        "The divergence is measured with another logarithm: in bits, or in decimal digits.",
        "The closed form is in nats, with natural logarithms throughout.",
        _summed(lambda mu, sigma: _each(mu, sigma) / np.log(2.0)),
        _summed(lambda mu, sigma: _each(mu, sigma) / np.log(10.0)),
    ),
    _divergence(
        "hard-coded",
        "The function returns the walk-through's number whatever it is given.",
        "Compute the result from mu and sigma.",
        lambda mu, sigma: NUMBERS["kl"],
    ),
)


class Reduction(NamedTuple):
    """What is done to the divergences of the latent dimensions, in the place of a sum over the last axis."""

    name: str
    says: str
    reduce: Callable[[Any], Any]
    look: str = AXES


REDUCTIONS = (
    Reduction("mean-over-latent", "The latent dimensions are averaged where they should be summed.", partial(np.mean, axis=-1)),
    Reduction("sum-over-all", "The sum runs over the whole batch.", np.sum),
    Reduction("mean-over-all", "This is one average over everything.", np.mean),
    Reduction("mean-over-batch", "The divergences of the batch are averaged.", lambda each: np.mean(np.sum(each, axis=-1))),
    Reduction("mean-over-first-axis", "The divergences are averaged over the first axis, the batch.", partial(np.mean, axis=0)),
    Reduction("sum-over-first-axis", "The sum runs over the first axis, the batch.", partial(np.sum, axis=0)),
    Reduction(
        "sum-over-second-axis",
        "The sum runs over the axis of number 1, which is the last one only of a matrix.",
        partial(np.sum, axis=1),
        "Count axes from the end: axis=-1 is the last, however many there are.",
    ),
    Reduction(
        "sum-over-all-but-first",
        "The sum runs over every axis but the first.",
        lambda each: np.sum(each, axis=tuple(range(1, np.ndim(each)))),
        "Only the last axis holds latent dimensions: there may be none beside it, one or several.",
    ),
    Reduction("keeps-summed-axis", "The axis that was summed is still there, with length 1.", partial(np.sum, axis=-1, keepdims=True)),
    Reduction("not-summed", "The latent dimensions are not summed.", lambda each: each),
)


def _reduced(each: Callable[[Any, Any], Any], reduction: Reduction) -> Callable[[Any, Any], Any]:
    def formula(mu: Any, sigma: Any) -> Any:
        divergences = each(mu, sigma)
        try:
            return reduction.reduce(divergences)
        except np.exceptions.AxisError:
            # Who thought of fewer axes than that leaves the values as they are.
            return divergences

    return formula


def _one_by_one(row: Misconception) -> Callable[[Any, Any], Any]:
    """A wrong formula's value for every latent dimension: each is made a code of its own."""
    return lambda mu, sigma: row.formulas[0](np.expand_dims(mu, -1), np.expand_dims(sigma, -1))


SHAPES = tuple(_divergence(reduction.name, reduction.says, reduction.look, _reduced(_each, reduction)) for reduction in REDUCTIONS)

MISCONCEPTIONS: tuple[Misconception, ...] = (*VALUES, *SHAPES)

# Wrong terms, wrongly summed.
PAIRS: tuple[Misconception, ...] = tuple(
    row.and_also(shape, _reduced(_one_by_one(row), reduction)) for row in VALUES for shape, reduction in zip(SHAPES, REDUCTIONS, strict=True)
)
