"""Known mistakes in `encoder.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception

INNER = "The path from z to log_var leads over sigma = exp(log_var / 2): the chain rule asks for its derivative, too."
BETA = "beta weighs the KL term, for both weights, and nothing else."
KL = "Take the KL gradient with respect to log_var, not to sigma, and compare with kl_gradient_log_var."
PRODUCT = "Weight w[i, j] acts on output [n, j] by x[n, i], in every example n: sum over the examples."


@dataclass(frozen=True, slots=True)
class _Pass:
    """The forward pass, and the four gradients that arrive at mu and log_var. A mistake changes one or two of them."""

    x: Any
    w_mu: Any
    w_log_var: Any
    epsilon: Any
    grad_z: Any
    beta: Any
    mu: Any
    log_var: Any
    sigma: Any

    @property
    def z_to_log_var(self) -> Any:
        return self.grad_z * self.epsilon * self.sigma / 2

    @property
    def kl_to_log_var(self) -> Any:
        return np.expm1(self.log_var) / 2

    @property
    def to_mu(self) -> Any:
        return self.grad_z + self.beta * self.mu

    @property
    def to_log_var(self) -> Any:
        return self.z_to_log_var + self.beta * self.kl_to_log_var

    def weights(self, to_mu: Any, to_log_var: Any) -> tuple[Any, Any]:
        return self.x.T @ to_mu, self.x.T @ to_log_var


def _whole(name: str, says: str, look: str, result: Callable[[_Pass], Any]) -> Misconception:
    """A mistake in what is returned."""

    def formula(x: Any, w_mu: Any, w_log_var: Any, epsilon: Any, grad_z: Any, beta: float = 1.0) -> Any:
        log_var = x @ w_log_var
        return result(_Pass(x, w_mu, w_log_var, epsilon, grad_z, beta, x @ w_mu, log_var, np.exp(log_var / 2)))

    return Misconception(f"encoder-{name}", "encoder_backward", says, look, formula)


def _arriving(
    name: str, says: str, look: str, to_mu: Callable[[_Pass], Any] = lambda p: p.to_mu, to_log_var: Callable[[_Pass], Any] = lambda p: p.to_log_var
) -> Misconception:
    """A mistake in what arrives at mu or at log_var; the way back into the weights is right."""
    return _whole(name, says, look, lambda p: p.weights(to_mu(p), to_log_var(p)))


MISCONCEPTIONS: tuple[Misconception, ...] = (
    # the path through z
    _arriving(
        "missing-half-of-sigma", "A factor is missing on the path from z to log_var.", INNER, to_log_var=lambda p: p.to_log_var + p.z_to_log_var
    ),
    _arriving(
        "missing-sigma-factor",
        "sigma is missing on the path from z to log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon / 2 + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "stops-at-sigma",
        "The path through z ends at sigma, not at log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "variance-for-sigma",
        "The variance stands where sigma belongs, on the path from z to log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon * p.sigma**2 / 2 + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "missing-epsilon",
        "The noise is missing on the path from z to log_var.",
        "dz/dsigma is the noise.",
        to_log_var=lambda p: p.grad_z * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "log-var-for-epsilon",
        "log_var stands where the noise belongs, on the path from z to log_var.",
        "dz/dsigma is the noise.",
        to_log_var=lambda p: p.grad_z * p.log_var * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "as-log-sigma",
        "log_var was taken for the logarithm of the standard deviation.",
        "The exponential of log_var is the variance; sigma is its root.",
        to_log_var=lambda p: p.grad_z * p.epsilon * np.exp(p.log_var) + p.beta * np.expm1(2 * p.log_var),
    ),
    _arriving(
        "sigma-without-half",
        "sigma was computed as exp(log_var), which is the variance.",
        "The exponential of log_var is the variance; sigma is its root.",
        to_log_var=lambda p: p.grad_z * p.epsilon * np.exp(p.log_var) / 2 + p.beta * np.expm1(2 * p.log_var) / 2,
    ),
    _arriving(
        "grad-z-ignored",
        "The incoming gradient is not used.",
        "The chain rule multiplies the local gradients by what arrives from above.",
        lambda p: 1.0 + p.beta * p.mu,
        lambda p: p.epsilon * p.sigma / 2 + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "missing-reconstruction",
        "The path through z is missing.",
        "What arrives along two paths is added.",
        lambda p: p.beta * p.mu,
        lambda p: p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "missing-reconstruction-for-log-var",
        "The path through z is missing for log_var.",
        "What arrives along two paths is added.",
        to_log_var=lambda p: p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "sign-of-noise",
        "The path from z to log_var has the wrong sign.",
        "dz/dsigma is the noise itself.",
        to_log_var=lambda p: p.beta * p.kl_to_log_var - p.z_to_log_var,
    ),
    # the path through the KL term
    _arriving(
        "missing-kl",
        "The path through the KL term is missing.",
        "What arrives along two paths is added.",
        lambda p: p.grad_z,
        lambda p: p.z_to_log_var,
    ),
    _arriving("missing-kl-for-mu", "The KL term is missing from the gradient of w_mu.", "What arrives along two paths is added.", lambda p: p.grad_z),
    _arriving(
        "missing-kl-for-log-var",
        "The KL term is missing from the gradient of w_log_var.",
        "What arrives along two paths is added.",
        to_log_var=lambda p: p.z_to_log_var,
    ),
    _arriving(
        "kl-missing-half", "The KL gradient of log_var is twice what it should be.", KL, to_log_var=lambda p: p.to_log_var + p.beta * p.kl_to_log_var
    ),
    _arriving(
        "kl-by-sigma",
        "The KL gradient is taken with respect to sigma and not carried on to log_var.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (p.sigma - 1 / p.sigma),
    ),
    _arriving(
        "all-by-sigma",
        "Both paths end at sigma and are not carried on to log_var.",
        INNER,
        to_log_var=lambda p: p.grad_z * p.epsilon + p.beta * (p.sigma - 1 / p.sigma),
    ),
    _arriving("all-by-log-sigma", "Both paths end at log(sigma), which is half of log_var.", INNER, to_log_var=lambda p: 2 * p.to_log_var),
    _arriving(
        "kl-missing-one",
        "A constant is missing in the KL gradient of log_var.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * np.exp(p.log_var) / 2,
    ),
    _arriving(
        "kl-with-sigma-for-variance",
        "The KL gradient of log_var contains sigma where the variance belongs.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (p.sigma - 1) / 2,
    ),
    _arriving(
        "kl-by-variance",
        "The KL gradient is taken with respect to the variance, not to its logarithm.",
        KL,
        to_log_var=lambda p: p.z_to_log_var - p.beta * np.expm1(-p.log_var) / 2,
    ),
    _arriving(
        "kl-mu-doubled",
        "The KL gradient of mu is twice what it should be.",
        "Differentiate the closed form by mu.",
        lambda p: p.grad_z + 2 * p.beta * p.mu,
    ),
    _arriving(
        "kl-subtracted",
        "The KL term is subtracted.",
        "The loss is L plus beta times KL.",
        lambda p: p.grad_z - p.beta * p.mu,
        lambda p: p.z_to_log_var - p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "kl-sign-for-log-var", "The KL gradient of log_var has the wrong sign.", KL, to_log_var=lambda p: p.z_to_log_var - p.beta * p.kl_to_log_var
    ),
    _arriving(
        "kl-averaged-over-batch",
        "The KL term is averaged over the batch.",
        "It is summed over the batch and the latent dimensions.",
        lambda p: p.grad_z + p.beta * p.mu / len(p.x),
        lambda p: p.z_to_log_var + p.beta * p.kl_to_log_var / len(p.x),
    ),
    _arriving(
        "kl-averaged",
        "The KL term is averaged over all elements.",
        "It is summed over the batch and the latent dimensions.",
        lambda p: p.grad_z + p.beta * p.mu / p.mu.size,
        lambda p: p.z_to_log_var + p.beta * p.kl_to_log_var / p.mu.size,
    ),
    # beta
    _arriving("beta-ignored", "beta has no effect.", BETA, lambda p: p.grad_z + p.mu, lambda p: p.z_to_log_var + p.kl_to_log_var),
    _arriving(
        "beta-on-both-terms",
        "beta weighs the reconstruction as well.",
        BETA,
        lambda p: p.beta * (p.grad_z + p.mu),
        lambda p: p.beta * (p.z_to_log_var + p.kl_to_log_var),
    ),
    _arriving(
        "beta-on-reconstruction",
        "beta weighs the reconstruction in place of the KL term.",
        BETA,
        lambda p: p.beta * p.grad_z + p.mu,
        lambda p: p.beta * p.z_to_log_var + p.kl_to_log_var,
    ),
    _arriving(
        "beta-squared", "beta is applied twice.", BETA, lambda p: p.grad_z + p.beta**2 * p.mu, lambda p: p.z_to_log_var + p.beta**2 * p.kl_to_log_var
    ),
    _arriving("beta-only-for-mu", "beta is missing from the gradient of w_log_var.", BETA, to_log_var=lambda p: p.z_to_log_var + p.kl_to_log_var),
    _arriving("beta-only-for-log-var", "beta is missing from the gradient of w_mu.", BETA, lambda p: p.grad_z + p.mu),
    # the way back into the weights
    _whole(
        "swapped",
        "The two gradients come in the wrong order.",
        "First the gradient of w_mu, then that of w_log_var.",
        lambda p: p.weights(p.to_mu, p.to_log_var)[::-1],
    ),
    _whole(
        "transposed",
        "The gradients are transposed.",
        "Each has the shape of its own weights, (features, latent).",
        lambda p: (p.to_mu.T @ p.x, p.to_log_var.T @ p.x),
    ),
    _arriving(
        "reconstruction-averaged",
        "The path through z is divided by the size of the batch.",
        "Whether the loss is an average is decided before grad_z arrives.",
        lambda p: p.grad_z / len(p.x) + p.beta * p.mu,
        lambda p: p.z_to_log_var / len(p.x) + p.beta * p.kl_to_log_var,
    ),
    _arriving(
        "log-var-as-sigma",
        "log_var was used as if it were sigma, on the path from z.",
        "The encoder says the logarithm of the variance.",
        to_log_var=lambda p: p.grad_z * p.epsilon * p.log_var / 2 + p.beta * p.kl_to_log_var,
    ),
    _arriving("all-halved", "The gradient of log_var is half of what it should be.", KL, to_log_var=lambda p: p.to_log_var / 2),
    _arriving(
        "kl-halved-again",
        "The KL gradient of log_var is half of what it should be.",
        KL,
        to_log_var=lambda p: p.to_log_var - p.beta * p.kl_to_log_var / 2,
    ),
    _whole(
        "averaged-over-batch",
        "The gradients are divided by the size of the batch.",
        "Whether the loss is an average is decided before grad_z arrives.",
        lambda p: (p.x.T @ p.to_mu / len(p.x), p.x.T @ p.to_log_var / len(p.x)),
    ),
    _whole(
        "stops-before-the-weights",
        "These are the gradients of mu and log_var, not yet those of the weights.",
        PRODUCT,
        lambda p: (p.to_mu, p.to_log_var),
    ),
    _whole(
        "gradient-of-inputs",
        "The matrix product leads back to x, not to the weights.",
        PRODUCT,
        lambda p: (p.to_mu @ p.w_mu.T, p.to_log_var @ p.w_log_var.T),
    ),
    _whole(
        "first-example-only",
        "Only the first example of the batch was counted.",
        PRODUCT,
        lambda p: (np.outer(p.x[0], p.to_mu[0]), np.outer(p.x[0], p.to_log_var[0])),
    ),
    _whole(
        "sums-before-multiplying",
        "Inputs and gradients were summed over the batch first and multiplied then.",
        PRODUCT,
        lambda p: (np.outer(p.x.sum(axis=0), p.to_mu.sum(axis=0)), np.outer(p.x.sum(axis=0), p.to_log_var.sum(axis=0))),
    ),
    _whole(
        "negative",
        "Both signs are flipped.",
        "The gradient itself is asked for, not a step against it.",
        lambda p: (-p.x.T @ p.to_mu, -p.x.T @ p.to_log_var),
    ),
    _whole(
        "not-summed-over-batch",
        "The examples of the batch are not summed.",
        PRODUCT,
        lambda p: (p.x[:, :, None] * p.to_mu[:, None, :], p.x[:, :, None] * p.to_log_var[:, None, :]),
    ),
)
