"""Known mistakes in the two gradients of `kl.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception
from grader.unit import current

WALK_THROUGH = current().walk_through
NUMBERS = WALK_THROUGH.derived()
DIFFERENTIATE = "Differentiate the closed form of one latent dimension again, term by term, and check it with central differences."
CHAIN = "log_var = 2 log(sigma): write the divergence with log_var in it, or mind the inner derivative."


def _length(array: Any, axis: int) -> int:
    """How long an axis is; 1 for a single number."""
    return int(np.shape(array)[axis]) if np.ndim(array) else 1


Formula = Callable[[Any, Any], Any]


def _gradient(name: str, says: str, formula: Formula, look: str = DIFFERENTIATE, also: tuple[Formula, ...] = ()) -> Misconception:
    return Misconception(f"kl-gradient-{name}", "kl_gradient", says, look, formula, also)


def _log_var(name: str, says: str, formula: Formula, look: str = CHAIN, also: tuple[Formula, ...] = ()) -> Misconception:
    return Misconception(f"kl-log-var-{name}", "kl_gradient_log_var", says, look, formula, also)


RATES = (1.0, 0.5, 0.1, 0.05, 0.01, 1e-3, 1e-4)
STEP = "The gradient itself is asked for: what an optimizer does with it comes later."


def stepped(gradient: Callable[..., Any], rate: float, place: int = 0) -> Callable[..., Any]:
    """The parameters after a step of gradient descent; `place` is where they stand among the gradient's arguments."""

    def formula(*arguments: Any, **keywords: Any) -> Any:
        mu, second = arguments[place : place + 2]
        by_mu, by_second = gradient(*arguments, **keywords)
        return mu - rate * by_mu, second - rate * by_second

    return formula


def _reciprocal_shifted(shift: float) -> Formula:
    return lambda mu, sigma: (mu, sigma - 1.0 / (sigma + shift))


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
    _gradient("one-minus-reciprocal", "The square of sigma was differentiated as if it were sigma.", lambda mu, sigma: (mu, 1.0 - 1.0 / sigma)),
    _gradient(
        "square-not-differentiated", "The square of sigma itself stands where its derivative belongs.", lambda mu, sigma: (mu, sigma**2 - 1.0 / sigma)
    ),
    _gradient(
        "sigma-halved", "The derivative of the square of sigma is half of what it should be.", lambda mu, sigma: (mu, 0.5 * sigma - 1.0 / sigma)
    ),
    _gradient(
        "reciprocal-shifted",
        "A small constant is added below the fraction bar.",
        _reciprocal_shifted(1e-12),
        "sigma is positive: the formula needs no constant for safety.",
        tuple(_reciprocal_shifted(10.0**-power) for power in range(2, 12)),
    ),
    _gradient(
        "squares-not-differentiated",
        "The square of sigma itself stands where its derivative belongs, above and below the fraction bar.",
        lambda mu, sigma: (mu, sigma**2 - 1.0 / sigma**2),
    ),
    _gradient("sigma-part-halved", "The second value is half of what it should be.", lambda mu, sigma: (mu, 0.5 * (sigma - 1.0 / sigma))),
    _gradient("sigma-part-doubled", "The second value is twice what it should be.", lambda mu, sigma: (mu, 2.0 * (sigma - 1.0 / sigma))),
    _gradient("halved", "Both are half of what they should be.", lambda mu, sigma: (0.5 * mu, 0.5 * (sigma - 1.0 / sigma))),
    _gradient(
        "by-variance-doubled",
        "The second value is a derivative with respect to the variance, with a factor too many, not to sigma.",
        lambda mu, sigma: (mu, 1.0 - 1.0 / sigma**2),
    ),
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
        "The gradients are summed over the last axis, or over all.",
        lambda mu, sigma: (np.sum(mu, axis=-1), np.sum(sigma - 1.0 / sigma, axis=-1)),
        "The divergence is summed; each mu and each sigma has a gradient of its own.",
        (lambda mu, sigma: (np.sum(mu), np.sum(sigma - 1.0 / sigma)),),
    ),
    _gradient(
        "summed-over-batch",
        "The gradients are summed over the first axis.",
        lambda mu, sigma: (np.sum(mu, axis=0), np.sum(sigma - 1.0 / sigma, axis=0)),
        "The gradient is asked for element by element: each mu and each sigma has one of its own.",
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
        "after-a-step",
        "These are the parameters after a step against the gradient.",
        stepped(lambda mu, sigma: (mu, sigma - 1.0 / sigma), RATES[0]),
        STEP,
        tuple(stepped(lambda mu, sigma: (mu, sigma - 1.0 / sigma), rate) for rate in RATES[1:]),
    ),
    _gradient(
        "hard-coded",
        "The function returns the walk-through's numbers whatever it is given.",
        lambda mu, sigma: (NUMBERS["kl_grad_mu"], NUMBERS["kl_grad_sigma"]),
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
        "not-differentiated",
        "This is the closed form itself, not yet its derivative.",
        lambda mu, log_var: (mu, 0.5 * (np.exp(log_var) - 1.0 - log_var)),
    ),
    _log_var(
        "sigma-minus-one",
        "The exponential is that of log_var / 2, sigma, where the variance belongs, and a factor is missing.",
        lambda mu, log_var: (mu, np.expm1(log_var / 2)),
    ),
    _log_var(
        "derivative-of-logarithm",
        "log_var is differentiated as if there stood the logarithm of it.",
        lambda mu, log_var: (mu, 0.5 * (np.exp(log_var) - 1.0 / log_var)),
        "log_var is the logarithm already: it is the variable itself.",
    ),
    _log_var("quartered", "The second value is half of what it should be.", lambda mu, log_var: (mu, 0.25 * np.expm1(log_var))),
    _log_var(
        "both-negative",
        "Both signs are flipped.",
        lambda mu, log_var: (-mu, -0.5 * np.expm1(log_var)),
        "The gradient points uphill, away from the prior.",
    ),
    _log_var(
        "sigma-without-half",
        "sigma was computed as exp(log_var), which is the variance.",
        lambda mu, log_var: (mu, 0.5 * np.expm1(2.0 * log_var)),
        "The exponential of log_var is the variance; sigma is its root.",
    ),
    _log_var(
        "by-sigma-at-variance",
        "The gradient by sigma was taken with the variance in the place of sigma.",
        lambda mu, log_var: (mu, np.exp(log_var) - np.exp(-log_var)),
        "The exponential of log_var is the variance; sigma is its root.",
    ),
    _log_var(
        "inner-derivative-inverted",
        "The inner derivative divides where it should multiply.",
        lambda mu, log_var: (mu, 2.0 * (1.0 - np.exp(-log_var))),
        "The chain rule multiplies by d sigma / d log_var.",
        (lambda mu, log_var: (mu, np.exp(-log_var / 2) * (np.exp(log_var / 2) - np.exp(-log_var / 2))),),
    ),
    _log_var(
        "half-by-sigma-at-variance",
        "The gradient by sigma was taken with the variance in the place of sigma, and halved.",
        lambda mu, log_var: (mu, 0.5 * (np.exp(log_var) - np.exp(-log_var))),
        "The exponential of log_var is the variance; sigma is its root.",
    ),
    _log_var(
        "only-log-var",
        "log_var itself comes back, in part: the exponential is missing.",
        lambda mu, log_var: (mu, 0.5 * log_var),
        "The variance is the exponential of log_var.",
        (lambda mu, log_var: (mu, log_var), lambda mu, log_var: (mu, log_var - 1.0)),
    ),
    _log_var(
        "mu-over-variance",
        "The derivative by mu is divided by the variance.",
        lambda mu, log_var: (mu * np.exp(-log_var), 0.5 * np.expm1(log_var)),
        DIFFERENTIATE,
    ),
    _log_var("mu-negative", "The sign of the first value is flipped.", lambda mu, log_var: (-mu, 0.5 * np.expm1(log_var)), DIFFERENTIATE),
    _log_var(
        "mu-squared",
        "mu^2 was not differentiated.",
        lambda mu, log_var: (mu**2, 0.5 * np.expm1(log_var)),
        DIFFERENTIATE,
        (lambda mu, log_var: (0.5 * mu**2, 0.5 * np.expm1(log_var)),),
    ),
    _log_var(
        "mu-constant",
        "The derivative by mu does not depend on mu.",
        lambda mu, log_var: (np.ones_like(mu), 0.5 * np.expm1(log_var)),
        DIFFERENTIATE,
        (lambda mu, log_var: (np.zeros_like(mu), 0.5 * np.expm1(log_var)),),
    ),
    _log_var(
        "summed",
        "The gradients are summed.",
        lambda mu, log_var: (np.sum(mu, axis=-1), np.sum(0.5 * np.expm1(log_var), axis=-1)),
        "The divergence is summed; each mu and each log_var has a gradient of its own.",
        (
            lambda mu, log_var: (np.sum(mu, axis=0), np.sum(0.5 * np.expm1(log_var), axis=0)),
            lambda mu, log_var: (np.sum(mu), np.sum(0.5 * np.expm1(log_var))),
        ),
    ),
    _log_var(
        "averaged",
        "The gradients are divided by the size of the batch, or by the number of latent dimensions.",
        lambda mu, log_var: (mu / _length(mu, 0), 0.5 * np.expm1(log_var) / _length(mu, 0)),
        "Nothing is averaged here: the gradient is asked for element by element.",
        (
            lambda mu, log_var: (mu / _length(mu, -1), 0.5 * np.expm1(log_var) / _length(mu, -1)),
            lambda mu, log_var: (mu / np.size(mu), 0.5 * np.expm1(log_var) / np.size(mu)),
        ),
    ),
    _log_var(
        "swapped-arguments",
        "The mean and log_var are mixed up.",
        lambda mu, log_var: (log_var, 0.5 * np.expm1(mu)),
        "Compare the order of the arguments with the first line of the function.",
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
        "after-a-step",
        "These are the parameters after a step against the gradient.",
        stepped(lambda mu, log_var: (mu, 0.5 * np.expm1(log_var)), RATES[0]),
        STEP,
        tuple(stepped(lambda mu, log_var: (mu, 0.5 * np.expm1(log_var)), rate) for rate in RATES[1:]),
    ),
    _log_var(
        "inner-derivative-again",
        "The inner derivative d sigma / d log_var is multiplied in once too often.",
        lambda mu, log_var: (mu, 0.5 * np.expm1(log_var) * 0.5 * np.exp(log_var / 2)),
        "A derivative by log_var needs it no more.",
    ),
    _log_var(
        "one-in-the-exponent",
        "The constant has slipped into the exponent.",
        lambda mu, log_var: (mu, 0.5 * np.exp(log_var - 1.0)),
        "At log_var = 0, the prior's, the gradient must vanish.",
        (lambda mu, log_var: (mu, np.exp(log_var - 1.0)),),
    ),
    _log_var(
        "hard-coded",
        "The function returns the walk-through's numbers whatever it is given.",
        lambda mu, log_var: (NUMBERS["kl_grad_mu"], 0.5 * np.expm1(WALK_THROUGH.log_var)),
        "Compute the result from mu and log_var.",
    ),
)

MISCONCEPTIONS: tuple[Misconception, ...] = GRADIENT + LOG_VAR
