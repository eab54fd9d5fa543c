"""Known mistakes in `encoder.py`, but for those on the path through the KL term, which have a module of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.misconceptions import encoder_kl
from grader.checks.misconceptions.encoder_pass import BETA, INNER, KL, PRODUCT, arriving, formula_of, of_beta, right, whole
from grader.checks.misconceptions.record import Misconception

MISCONCEPTIONS: tuple[Misconception, ...] = (
    # the path through z
    arriving(
        "missing-half-of-sigma", "A factor is missing on the path from z to log_var.", INNER, to_log_var=lambda p: p.to_log_var + p.z_to_log_var
    ),
    arriving(
        "missing-sigma-factor",
        "sigma is missing on the path from z to log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "stops-at-sigma",
        "The path through z ends at sigma, not at log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "variance-for-sigma",
        "The variance stands where sigma belongs, on the path from z to log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon * p.sigma**2 / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "missing-epsilon",
        "The noise is missing on the path from z to log_var.",
        "dz/dsigma is the noise.",
        to_log_var=lambda p: p.grad_z * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "log-var-for-epsilon",
        "log_var stands where the noise belongs, on the path from z to log_var.",
        "dz/dsigma is the noise.",
        to_log_var=lambda p: p.grad_z * p.log_var * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "as-log-sigma",
        "log_var was taken for the logarithm of the standard deviation.",
        "The exponential of log_var is the variance; sigma is its root.",
        to_log_var=lambda p: p.grad_z * p.epsilon * np.exp(p.log_var) + p.beta * np.expm1(2 * p.log_var),
    ),
    arriving(
        "sigma-without-half",
        "sigma was computed as exp(log_var), which is the variance.",
        "The exponential of log_var is the variance; sigma is its root.",
        to_log_var=lambda p: p.grad_z * p.epsilon * np.exp(p.log_var) / 2 + p.beta * np.expm1(2 * p.log_var) / 2,
    ),
    arriving(
        "grad-z-ignored",
        "The incoming gradient is not used.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda p: 1.0 + p.beta * p.mu,
        lambda p: p.epsilon * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "missing-reconstruction",
        "The path through z is missing.",
        "What arrives along two paths is added.",
        lambda p: p.beta * p.mu,
        lambda p: p.beta * p.kl_to_log_var,
    ),
    arriving(
        "missing-reconstruction-for-log-var",
        "The path through z is missing for log_var.",
        "What arrives along two paths is added.",
        to_log_var=lambda p: p.beta * p.kl_to_log_var,
    ),
    arriving(
        "sign-of-noise",
        "The path from z to log_var has the wrong sign.",
        "dz/dsigma is the noise itself.",
        to_log_var=lambda p: p.beta * p.kl_to_log_var - p.z_to_log_var,
    ),
    arriving(
        "all-by-sigma",
        "Both paths end at sigma and are not carried on to log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon + p.beta * (p.sigma - 1 / p.sigma),
    ),
    arriving("all-by-log-sigma", "Both paths end at log(sigma), which is half of log_var.", INNER, to_log_var=lambda p: 2 * p.to_log_var),
    # beta
    arriving("beta-ignored", "beta has no effect.", BETA, lambda p: p.grad_z + p.mu, lambda p: p.z_to_log_var + p.kl_to_log_var),
    arriving(
        "beta-on-both-terms",
        "beta weighs the reconstruction as well.",
        BETA,
        lambda p: p.beta * (p.grad_z + p.mu),
        lambda p: p.beta * (p.z_to_log_var + p.kl_to_log_var),
    ),
    arriving(
        "beta-on-reconstruction",
        "beta weighs the reconstruction in place of the KL term.",
        BETA,
        lambda p: p.beta * p.grad_z + p.mu,
        lambda p: p.beta * p.z_to_log_var + p.kl_to_log_var,
    ),
    arriving(
        "beta-squared", "beta is applied twice.", BETA, lambda p: p.grad_z + p.beta**2 * p.mu, lambda p: p.z_to_log_var + p.beta**2 * p.kl_to_log_var
    ),
    arriving("beta-only-for-mu", "beta is missing from the gradient of w_log_var.", BETA, to_log_var=lambda p: p.z_to_log_var + p.kl_to_log_var),
    arriving("beta-only-for-log-var", "beta is missing from the gradient of w_mu.", BETA, lambda p: p.grad_z + p.mu),
    arriving(
        "beta-divides",
        "The KL term is divided by beta.",
        BETA,
        lambda p: p.grad_z + p.mu / p.beta,
        lambda p: p.z_to_log_var + p.kl_to_log_var / p.beta,
    ),
    arriving(
        "interpolated",
        "beta shifts weight from the reconstruction to the KL term.",
        BETA,
        lambda p: (1 - p.beta) * p.grad_z + p.beta * p.mu,
        lambda p: (1 - p.beta) * p.z_to_log_var + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "beta-on-one-term",
        "In the gradient of log_var beta reaches only one of the KL term's two parts.",
        "Set the brackets so that beta acts on the whole KL gradient.",
        to_log_var=lambda p: p.z_to_log_var + p.beta * np.exp(p.log_var) / 2 - 0.5,
    ),
    of_beta(
        "beta-default",
        "Where no beta is passed, another value is taken than the one in the signature.",
        "Keep the signature as it was: the default is the weight of an ordinary VAE.",
        *(formula_of(right, default=default) for default in (0.0, 0.001, 0.01, 0.1, 0.5, 2.0, 4.0, 5.0, 10.0)),
    ),
    of_beta(
        "beta-zero-as-absent",
        "A beta of 0 is taken for one that was not passed.",
        "In Python 0.0 counts as false: what do `or` and `if beta` make of it?",
        formula_of(right, lambda beta: beta or 1.0),
    ),
    of_beta(
        "beta-bounded",
        "beta is kept within bounds.",
        "Any weight is allowed, below 1 and above.",
        formula_of(right, lambda beta: min(beta, 1.0)),
        formula_of(right, lambda beta: max(beta, 1.0)),
    ),
    of_beta(
        "beta-whole", "beta is cut to a whole number.", "Look for `int(...)` and `round(...)`.", formula_of(right, int), formula_of(right, round)
    ),
    # the forward pass
    whole(
        "log-var-from-w-mu",
        "log_var is computed with the weights of mu.",
        "The encoder has two weights, one for each of its outputs.",
        lambda p: p.weights(p.to_mu, p.grad_z * p.epsilon * np.exp(p.mu / 2) / 2 + p.beta * np.expm1(p.mu) / 2),
    ),
    whole(
        "weights-swapped",
        "The two weights have changed places in the forward pass.",
        "The encoder has two weights, one for each of its outputs.",
        lambda p: p.weights(p.grad_z + p.beta * p.log_var, p.grad_z * p.epsilon * np.exp(p.mu / 2) / 2 + p.beta * np.expm1(p.mu) / 2),
    ),
    arriving(
        "log-var-for-sigma-throughout",
        "log_var was used as if it were sigma.",
        "The encoder says the logarithm of the variance.",
        to_log_var=lambda p: p.grad_z * p.epsilon + p.beta * (p.log_var - 1 / p.log_var),
    ),
    # the way back into the weights
    whole(
        "inputs-missing",
        "The gradients are summed over the batch, but the inputs are missing.",
        PRODUCT,
        lambda p: (p.to_mu.sum(axis=0), p.to_log_var.sum(axis=0)),
        lambda p: (np.zeros_like(p.w_mu) + p.to_mu.sum(axis=0), np.zeros_like(p.w_mu) + p.to_log_var.sum(axis=0)),
    ),
    whole(
        "summed-over-latent",
        "The latent dimensions are summed; each has weights of its own.",
        PRODUCT,
        lambda p: (p.x.T @ p.to_mu.sum(axis=1, keepdims=True), p.x.T @ p.to_log_var.sum(axis=1, keepdims=True)),
        lambda p: (p.x.T @ p.to_mu.sum(axis=1), p.x.T @ p.to_log_var.sum(axis=1)),
    ),
    whole(
        "inputs-averaged",
        "The inputs are averaged over the batch before they are multiplied.",
        PRODUCT,
        lambda p: (np.outer(p.x.mean(axis=0), p.to_mu.sum(axis=0)), np.outer(p.x.mean(axis=0), p.to_log_var.sum(axis=0))),
        lambda p: (np.outer(p.x.mean(axis=0), p.to_mu.mean(axis=0)), np.outer(p.x.mean(axis=0), p.to_log_var.mean(axis=0))),
    ),
    whole(
        "last-example-only",
        "Only the last example of the batch was counted.",
        PRODUCT,
        lambda p: (np.outer(p.x[-1], p.to_mu[-1]), np.outer(p.x[-1], p.to_log_var[-1])),
    ),
    arriving(
        "mu-times-epsilon",
        "The path from z to mu is multiplied by the noise.",
        "dz/dmu does not contain the noise.",
        lambda p: p.grad_z * p.epsilon + p.beta * p.mu,
    ),
    arriving(
        "mu-times-sigma",
        "The path from z to mu is multiplied by sigma.",
        "dz/dmu does not contain sigma.",
        lambda p: p.grad_z * p.sigma + p.beta * p.mu,
    ),
    arriving(
        "grad-z-ignored-for-mu",
        "The incoming gradient is not used on the way to w_mu.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda p: 1.0 + p.beta * p.mu,
    ),
    arriving(
        "grad-z-ignored-for-log-var",
        "The incoming gradient is not used on the way to w_log_var.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        to_log_var=lambda p: p.epsilon * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "over-sigma",
        "The path from z to log_var is divided by sigma where it should be multiplied.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon / (2 * p.sigma) + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "quarter-of-sigma",
        "There is a factor too many on the path from z to log_var.",
        INNER,
        to_log_var=lambda p: p.to_log_var - p.z_to_log_var / 2,
    ),
    whole(
        "swapped",
        "The two gradients come in the wrong order.",
        "First the gradient of w_mu, then that of w_log_var.",
        lambda p: p.weights(p.to_mu, p.to_log_var)[::-1],
    ),
    whole(
        "transposed",
        "The gradients are transposed.",
        "Each has the shape of its own weights, (features, latent).",
        lambda p: (p.to_mu.T @ p.x, p.to_log_var.T @ p.x),
    ),
    whole(
        "reshaped-for-transposed",
        "x is reshaped where it should be transposed: the shape is right, the numbers are in the wrong places.",
        PRODUCT,
        lambda p: (np.reshape(p.x, p.x.T.shape) @ p.to_mu, np.reshape(p.x, p.x.T.shape) @ p.to_log_var),
    ),
    arriving(
        "reconstruction-averaged",
        "The path through z is divided by the size of the batch.",
        "Whether the loss is an average is decided before grad_z arrives.",
        lambda p: p.grad_z / len(p.x) + p.beta * p.mu,
        lambda p: p.z_to_log_var / len(p.x) + p.beta * p.kl_to_log_var,
    ),
    arriving(
        "log-var-as-sigma",
        "log_var was used as if it were sigma, on the path from z.",
        "The encoder says the logarithm of the variance.",
        to_log_var=lambda p: p.grad_z * p.epsilon * p.log_var / 2 + p.beta * p.kl_to_log_var,
    ),
    arriving("all-halved", "The gradient of log_var is half of what it should be.", KL, to_log_var=lambda p: p.to_log_var / 2),
    whole(
        "averaged-over-batch",
        "The gradients are divided by the size of the batch.",
        "Whether the loss is an average is decided before grad_z arrives.",
        lambda p: (p.x.T @ p.to_mu / len(p.x), p.x.T @ p.to_log_var / len(p.x)),
    ),
    whole(
        "stops-before-the-weights",
        "These are the gradients of mu and log_var, not yet those of the weights.",
        PRODUCT,
        lambda p: (p.to_mu, p.to_log_var),
    ),
    whole(
        "gradient-of-inputs",
        "The matrix product leads back to x, not to the weights.",
        PRODUCT,
        lambda p: (p.to_mu @ p.w_mu.T, p.to_log_var @ p.w_log_var.T),
    ),
    whole(
        "first-example-only",
        "Only the first example of the batch was counted.",
        PRODUCT,
        lambda p: (np.outer(p.x[0], p.to_mu[0]), np.outer(p.x[0], p.to_log_var[0])),
    ),
    whole(
        "sums-before-multiplying",
        "Inputs and gradients were summed over the batch first and multiplied then.",
        PRODUCT,
        lambda p: (np.outer(p.x.sum(axis=0), p.to_mu.sum(axis=0)), np.outer(p.x.sum(axis=0), p.to_log_var.sum(axis=0))),
    ),
    whole(
        "weight-decay",
        "The weights themselves are added where the gradient of the KL term belongs.",
        "The KL term is about mu and log_var of every example, not about the weights.",
        lambda p: (p.x.T @ p.grad_z + p.beta * p.w_mu, p.x.T @ p.z_to_log_var + p.beta * p.w_log_var),
        lambda p: (p.x.T @ p.grad_z + 2 * p.beta * p.w_mu, p.x.T @ p.z_to_log_var + 2 * p.beta * p.w_log_var),
    ),
    whole(
        "example-left-out",
        "The first or the last example of the batch is left out.",
        "A loop over the batch starts at 0 and ends with its last example.",
        lambda p: (p.x[1:].T @ p.to_mu[1:], p.x[1:].T @ p.to_log_var[1:]),
        lambda p: (p.x[:-1].T @ p.to_mu[:-1], p.x[:-1].T @ p.to_log_var[:-1]),
    ),
    whole(
        "negative",
        "Both signs are flipped.",
        "The gradient itself is asked for, not a step against it.",
        lambda p: (-p.x.T @ p.to_mu, -p.x.T @ p.to_log_var),
    ),
    whole(
        "not-summed-over-batch",
        "The examples of the batch are not summed.",
        PRODUCT,
        lambda p: (p.x[:, :, None] * p.to_mu[:, None, :], p.x[:, :, None] * p.to_log_var[:, None, :]),
    ),
)

VALUES = (*MISCONCEPTIONS, *encoder_kl.MISCONCEPTIONS)
_ROWS = {row.id: row for row in VALUES}


def _made_of(row: Misconception, change: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Something is done to the result of a wrong formula; it gets x as well."""
    wrong = row.formulas[0]
    return lambda x, *arguments, **keywords: tuple(change(part, x) for part in wrong(x, *arguments, **keywords))


def _unweighted(row: Misconception) -> Callable[..., Any]:
    wrong = row.formulas[0]
    return lambda x, w_mu, w_log_var, epsilon, grad_z, beta=1.0: wrong(x, w_mu, w_log_var, epsilon, grad_z, 1.0)


# Something wrong arrives, and is averaged, transposed, or not weighted in addition.
PAIRS: tuple[Misconception, ...] = (
    *(row.and_also(_ROWS["encoder-averaged-over-batch"], _made_of(row, lambda part, x: part / len(x))) for row in VALUES),
    *(row.and_also(_ROWS["encoder-transposed"], _made_of(row, lambda part, x: part.T)) for row in VALUES),
    *(row.and_also(_ROWS["encoder-beta-ignored"], _unweighted(row)) for row in VALUES if "beta" not in row.id),
)
