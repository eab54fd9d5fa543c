"""Known mistakes in `kl.py`, but for `total_gradient`, which has a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception
from grader.unit import current

WALK_THROUGH = current().walk_through
NUMBERS = WALK_THROUGH.derived()
CLOSED_FORM = "Compare your line with the closed form in the handout, term by term."
DIFFERENTIATE = "Differentiate the closed form of one latent dimension again, term by term, and check it with central differences."
CHAIN = "log_var = 2 log(sigma): write the divergence with log_var in it, or mind the inner derivative."


def _summed(divergence: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An element-wise formula, summed over the last axis as it should be."""
    return lambda mu, sigma: np.sum(divergence(mu, sigma), axis=-1)


def _each(mu: Any, sigma: Any) -> Any:
    """The right divergence of every latent dimension."""
    return 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma)


def _length(array: Any, axis: int) -> int:
    """How long an axis is; 1 for a single number."""
    return int(np.shape(array)[axis]) if np.ndim(array) else 1


def _divergence(name: str, says: str, look: str, formula: Callable[[Any, Any], Any]) -> Misconception:
    return Misconception(f"kl-{name}", "kl_divergence", says, look, formula)


def _gradient(name: str, says: str, formula: Callable[[Any, Any], Any], look: str = DIFFERENTIATE) -> Misconception:
    return Misconception(f"kl-gradient-{name}", "kl_gradient", says, look, formula)


def _log_var(name: str, says: str, formula: Callable[[Any, Any], Any], look: str = CHAIN) -> Misconception:
    return Misconception(f"kl-log-var-{name}", "kl_gradient_log_var", says, look, formula)


AXES = "The latent dimensions are the last axis: a batch of codes gives a batch of divergences."

DIVERGENCE = (
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
        "mean-over-latent",
        "The latent dimensions are averaged where they should be summed.",
        AXES,
        lambda mu, sigma: np.mean(_each(mu, sigma), axis=-1),
    ),
    _divergence("sum-over-all", "The sum runs over the whole batch.", AXES, lambda mu, sigma: np.sum(_each(mu, sigma))),
    _divergence("mean-over-all", "This is one average over everything.", AXES, lambda mu, sigma: np.mean(_each(mu, sigma))),
    _divergence("mean-over-batch", "The divergences of the batch are averaged.", AXES, lambda mu, sigma: np.mean(np.sum(_each(mu, sigma), axis=-1))),
    _divergence("sum-over-first-axis", "The sum runs over the first axis, the batch.", AXES, lambda mu, sigma: np.sum(_each(mu, sigma), axis=0)),
    _divergence(
        "sum-over-second-axis",
        "The sum runs over the axis of number 1, which is the last one only of a matrix.",
        "Count axes from the end: axis=-1 is the last, however many there are.",
        lambda mu, sigma: np.sum(_each(mu, sigma), axis=1),
    ),
    _divergence(
        "keeps-summed-axis",
        "The axis that was summed is still there, with length 1.",
        AXES,
        lambda mu, sigma: np.sum(_each(mu, sigma), axis=-1, keepdims=True),
    ),
    _divergence("not-summed", "The latent dimensions are not summed.", AXES, _each),
    _divergence(
        "log-base-2",
        "The logarithm is the one to base 2.",
        "Nats, not bits: np.log is the natural logarithm.",
        _summed(lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1.0) - np.log2(sigma)),
    ),
    _divergence(
        "hard-coded",
        "The function returns the walk-through's number whatever it is given.",
        "Compute the result from mu and sigma.",
        lambda mu, sigma: NUMBERS["kl"],  # it is the mistake not to use them
    ),
)

GRADIENT = (
    _gradient("missing-reciprocal", "The derivative of the logarithm is missing.", lambda mu, sigma: (mu, sigma)),
    _gradient("missing-sigma", "The derivative of the square of sigma is missing.", lambda mu, sigma: (mu, -1.0 / sigma)),
    _gradient(
        "reciprocal-sign",
        "The derivative of the logarithm comes in with the wrong sign.",
        lambda mu, sigma: (mu, sigma + 1.0 / sigma),
        "At sigma = 1, the prior's, the gradient must vanish.",
    ),
    _gradient(
        "reciprocal-of-variance",
        "The derivative of the logarithm has the variance where sigma belongs.",
        lambda mu, sigma: (mu, sigma - 1.0 / sigma**2),
    ),
    _gradient("reciprocal-halved", "The derivative of log(sigma^2) lost its factor.", lambda mu, sigma: (mu, sigma - 0.5 / sigma)),
    _gradient("reciprocal-doubled", "The derivative of the logarithm is twice what it should be.", lambda mu, sigma: (mu, sigma - 2.0 / sigma)),
    _gradient(
        "sigma-doubled", "The derivative of the square of sigma is twice what it should be.", lambda mu, sigma: (mu, 2.0 * sigma - 1.0 / sigma)
    ),
    _gradient(
        "constant-instead-of-reciprocal", "A constant stands where the derivative of the logarithm belongs.", lambda mu, sigma: (mu, sigma - 1.0)
    ),
    _gradient("log-not-differentiated", "The logarithm itself stands where its derivative belongs.", lambda mu, sigma: (mu, sigma - np.log(sigma))),
    _gradient(
        "by-variance",
        "The second value is the derivative with respect to the variance, not to sigma.",
        lambda mu, sigma: (mu, 0.5 * (1.0 - 1.0 / sigma**2)),
        "One more factor of the chain rule leads from the variance to sigma.",
    ),
    _gradient(
        "by-log-var",
        "The second value is the derivative with respect to log_var, not to sigma.",
        lambda mu, sigma: (mu, 0.5 * (sigma**2 - 1.0)),
        "kl_gradient_log_var asks for that one; here the derivative is taken by sigma.",
    ),
    _gradient(
        "by-log-sigma",
        "The second value is the derivative with respect to log(sigma), not to sigma.",
        lambda mu, sigma: (mu, sigma**2 - 1.0),
        "A factor sigma too many: the derivative is taken by sigma itself.",
    ),
    _gradient(
        "sigma-as-variance",
        "sigma was taken for the variance.",
        lambda mu, sigma: (mu, 0.5 * (1.0 - 1.0 / sigma)),
        "The function receives the standard deviation, and differentiates by it.",
    ),
    _gradient(
        "sigma-as-log-var",
        "sigma was taken for the logarithm of the variance.",
        lambda mu, sigma: (mu, 0.5 * (np.exp(sigma) - 1.0)),
        "The function receives the standard deviation itself: no exponential is needed.",
    ),
    _gradient(
        "sigma-as-log-sigma",
        "sigma was taken for the logarithm of the standard deviation.",
        lambda mu, sigma: (mu, np.exp(2.0 * sigma) - 1.0),
        "The function receives the standard deviation itself: no exponential is needed.",
    ),
    _gradient(
        "missing-half",
        "Both are twice what they should be: the factor of the closed form is missing.",
        lambda mu, sigma: (2.0 * mu, 2.0 * (sigma - 1.0 / sigma)),
    ),
    _gradient(
        "mu-doubled",
        "The derivative of mu^2 kept its 2, although the closed form has a factor against it.",
        lambda mu, sigma: (2.0 * mu, sigma - 1.0 / sigma),
    ),
    _gradient("mu-halved", "The derivative by mu is half of what it should be.", lambda mu, sigma: (0.5 * mu, sigma - 1.0 / sigma)),
    _gradient("mu-squared", "mu^2 was not differentiated.", lambda mu, sigma: (mu**2, sigma - 1.0 / sigma)),
    _gradient("mu-half-squared", "mu^2 was not differentiated.", lambda mu, sigma: (0.5 * mu**2, sigma - 1.0 / sigma)),
    _gradient("mu-constant", "The derivative by mu does not depend on mu.", lambda mu, sigma: (np.ones_like(mu), sigma - 1.0 / sigma)),
    _gradient("mu-zero", "The derivative by mu is zero.", lambda mu, sigma: (np.zeros_like(mu), sigma - 1.0 / sigma)),
    _gradient("mu-over-variance", "The derivative by mu is divided by the variance.", lambda mu, sigma: (mu / sigma**2, sigma - 1.0 / sigma)),
    _gradient(
        "negative", "Both signs are flipped.", lambda mu, sigma: (-mu, 1.0 / sigma - sigma), "The gradient points uphill, away from the prior."
    ),
    _gradient(
        "sigma-negative",
        "The sign of the second value is flipped.",
        lambda mu, sigma: (mu, 1.0 / sigma - sigma),
        "Beyond sigma = 1 the divergence grows with sigma.",
    ),
    _gradient(
        "mu-negative",
        "The sign of the first value is flipped.",
        lambda mu, sigma: (-mu, sigma - 1.0 / sigma),
        "The divergence grows with the distance of mu from 0.",
    ),
    _gradient(
        "swapped",
        "The two gradients come in the wrong order.",
        lambda mu, sigma: (sigma - 1.0 / sigma, mu),
        "First the gradient of mu, then that of sigma.",
    ),
    _gradient(
        "swapped-arguments",
        "The mean and the standard deviation are mixed up.",
        lambda mu, sigma: (sigma, mu - 1.0 / mu),
        "Compare the order of the arguments with the first line of the function.",
    ),
    _gradient(
        "reversed",
        "This is the gradient of the divergence in the other direction, of N(0, 1) from N(mu, sigma^2).",
        lambda mu, sigma: (mu / sigma**2, 1.0 / sigma - (1.0 + mu**2) / sigma**3),
        "In KL(q || p) the average is taken over q, the first of the two.",
    ),
    _gradient(
        "summed",
        "The gradients are summed over the last axis.",
        lambda mu, sigma: (np.sum(mu, axis=-1), np.sum(sigma - 1.0 / sigma, axis=-1)),
        "The divergence is summed; each mu and each sigma has a gradient of its own.",
    ),
    _gradient(
        "averaged-over-latent",
        "The gradients are divided by the number of latent dimensions.",
        lambda mu, sigma: (mu / _length(mu, -1), (sigma - 1.0 / sigma) / _length(mu, -1)),
        "The divergence is a sum over the latent dimensions, not an average.",
    ),
    _gradient(
        "averaged-over-batch",
        "The gradients are divided by the size of the batch.",
        lambda mu, sigma: (mu / _length(mu, 0), (sigma - 1.0 / sigma) / _length(mu, 0)),
        "Nothing is averaged here: the gradient is asked for element by element.",
    ),
    _gradient(
        "hard-coded",
        "The function returns the walk-through's numbers whatever it is given.",
        lambda mu, sigma: (NUMBERS["kl_grad_mu"], NUMBERS["kl_grad_sigma"]),  # it is the mistake not to use them
        "Compute the result from mu and sigma.",
    ),
)

LOG_VAR = (
    _log_var(
        "missing-half",
        "A factor is missing: d sigma / d log_var is not sigma itself.",
        lambda mu, log_var: (mu, np.expm1(log_var)),
    ),
    _log_var(
        "as-log-sigma",
        "log_var was taken for the logarithm of the standard deviation.",
        lambda mu, log_var: (mu, np.expm1(2.0 * log_var)),
        "The exponential of log_var is the variance; sigma is its root.",
    ),
    _log_var(
        "by-sigma",
        "This is the derivative with respect to sigma, not to log_var.",
        lambda mu, log_var: (mu, np.exp(log_var / 2) - np.exp(-log_var / 2)),
        "The chain rule asks for one more factor, d sigma / d log_var.",
    ),
    _log_var(
        "chain-factor-without-sigma",
        "The inner derivative d sigma / d log_var has lost its sigma.",
        lambda mu, log_var: (mu, 0.5 * (np.exp(log_var / 2) - np.exp(-log_var / 2))),
        "Differentiate sigma = exp(log_var / 2): the exponential stays.",
    ),
    _log_var(
        "by-variance",
        "This is the derivative with respect to the variance, not to its logarithm.",
        lambda mu, log_var: (mu, 0.5 * (1.0 - np.exp(-log_var))),
        "The chain rule asks for one more factor, d variance / d log_var.",
    ),
    _log_var(
        "sigma-for-variance",
        "The exponential is that of log_var / 2, sigma, where the variance belongs.",
        lambda mu, log_var: (mu, 0.5 * np.expm1(log_var / 2)),
    ),
    _log_var(
        "missing-exponential",
        "log_var itself stands where the variance belongs.",
        lambda mu, log_var: (mu, 0.5 * (log_var - 1.0)),
        "The variance is the exponential of log_var.",
    ),
    _log_var(
        "missing-one",
        "A constant is missing.",
        lambda mu, log_var: (mu, 0.5 * np.exp(log_var)),
        "At log_var = 0, the prior's, the gradient must vanish.",
    ),
    _log_var(
        "plus-one",
        "The constant has the wrong sign.",
        lambda mu, log_var: (mu, 0.5 * (np.exp(log_var) + 1.0)),
        "At log_var = 0, the gradient must vanish.",
    ),
    _log_var(
        "half-on-exponential-only",
        "The factor reaches only one of the two terms.",
        lambda mu, log_var: (mu, 0.5 * np.exp(log_var) - 1.0),
        "At log_var = 0, the prior's, the gradient must vanish.",
    ),
    _log_var(
        "half-on-constant-only",
        "The factor reaches only one of the two terms.",
        lambda mu, log_var: (mu, np.exp(log_var) - 0.5),
        "At log_var = 0, the prior's, the gradient must vanish.",
    ),
    _log_var(
        "sign-of-exponent",
        "The exponent has the wrong sign.",
        lambda mu, log_var: (mu, 0.5 * np.expm1(-log_var)),
        "The variance grows with log_var.",
    ),
    _log_var(
        "negative",
        "The sign of the second value is flipped.",
        lambda mu, log_var: (mu, -0.5 * np.expm1(log_var)),
        "Above log_var = 0 the divergence grows with log_var.",
    ),
    _log_var(
        "as-sigma",
        "log_var was used as if it were sigma.",
        lambda mu, log_var: (mu, log_var - 1.0 / log_var),
        "log_var may be zero or negative; a standard deviation may not.",
    ),
    _log_var(
        "mu-doubled", "The derivative by mu is twice what it should be.", lambda mu, log_var: (2.0 * mu, 0.5 * np.expm1(log_var)), DIFFERENTIATE
    ),
    _log_var("both-doubled", "Both are twice what they should be.", lambda mu, log_var: (2.0 * mu, np.expm1(log_var)), DIFFERENTIATE),
    _log_var(
        "mu-halved", "The derivative by mu is half of what it should be.", lambda mu, log_var: (0.5 * mu, 0.5 * np.expm1(log_var)), DIFFERENTIATE
    ),
    _log_var(
        "swapped",
        "The two gradients come in the wrong order.",
        lambda mu, log_var: (0.5 * np.expm1(log_var), mu),
        "First the gradient of mu, then that of log_var.",
    ),
    _log_var(
        "hard-coded",
        "The function returns the walk-through's numbers whatever it is given.",
        lambda mu, log_var: (NUMBERS["kl_grad_mu"], 0.5 * np.expm1(WALK_THROUGH.log_var)),  # it is the mistake not to use them
        "Compute the result from mu and log_var.",
    ),
)


MISCONCEPTIONS: tuple[Misconception, ...] = DIVERGENCE + GRADIENT + LOG_VAR
