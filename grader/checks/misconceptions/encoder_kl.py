"""Known mistakes in `encoder.py` on the path through the KL term."""

from __future__ import annotations

import numpy as np

from grader.checks.misconceptions.encoder_pass import INNER, KL, KL_OF_MU, PRODUCT, arriving, whole
from grader.checks.misconceptions.record import Misconception

MISCONCEPTIONS: tuple[Misconception, ...] = (
    arriving(
        "missing-kl",
        "The path through the KL term is missing.",
        "What arrives along two paths is added.",
        lambda p: p.grad_z,
        lambda p: p.z_to_log_var,
    ),
    arriving("missing-kl-for-mu", "The KL term is missing from the gradient of w_mu.", "What arrives along two paths is added.", lambda p: p.grad_z),
    arriving(
        "missing-kl-for-log-var",
        "The KL term is missing from the gradient of w_log_var.",
        "What arrives along two paths is added.",
        to_log_var=lambda p: p.z_to_log_var,
    ),
    arriving(
        "kl-missing-half", "The KL gradient of log_var is twice what it should be.", KL, to_log_var=lambda p: p.to_log_var + p.beta * p.kl_to_log_var
    ),
    arriving(
        "kl-by-sigma",
        "The KL gradient is taken with respect to sigma and not carried on to log_var.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (p.sigma - 1 / p.sigma),
    ),
    arriving(
        "kl-inner-derivative-again",
        "The inner derivative d sigma / d log_var is multiplied into the KL gradient of log_var once too often.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * p.kl_to_log_var * p.sigma / 2,
    ),
    arriving(
        "kl-missing-one",
        "A constant is missing in the KL gradient of log_var.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * np.exp(p.log_var) / 2,
    ),
    arriving(
        "kl-with-sigma-for-variance",
        "The KL gradient of log_var contains sigma where the variance belongs.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (p.sigma - 1) / 2,
    ),
    arriving(
        "kl-by-variance",
        "The KL gradient is taken with respect to the variance, not to its logarithm.",
        KL,
        to_log_var=lambda p: p.z_to_log_var - p.beta * np.expm1(-p.log_var) / 2,
    ),
    arriving(
        "kl-mu-doubled",
        "The KL gradient of mu is twice what it should be.",
        "Differentiate the closed form by mu.",
        lambda p: p.grad_z + 2 * p.beta * p.mu,
    ),
    arriving(
        "kl-subtracted",
        "The KL term is subtracted.",
        "The loss is L plus beta times KL.",
        lambda p: p.grad_z - p.beta * p.mu,
        lambda p: p.z_to_log_var - p.beta * p.kl_to_log_var,
    ),
    arriving(
        "kl-sign-for-log-var", "The KL gradient of log_var has the wrong sign.", KL, to_log_var=lambda p: p.z_to_log_var - p.beta * p.kl_to_log_var
    ),
    arriving(
        "kl-averaged-over-batch",
        "The KL term is averaged over the batch.",
        "It is summed over the batch and the latent dimensions.",
        lambda p: p.grad_z + p.beta * p.mu / len(p.x),
        lambda p: p.z_to_log_var + p.beta * p.kl_to_log_var / len(p.x),
    ),
    arriving(
        "kl-averaged",
        "The KL term is averaged over all elements.",
        "It is summed over the batch and the latent dimensions.",
        lambda p: p.grad_z + p.beta * p.mu / p.mu.size,
        lambda p: p.z_to_log_var + p.beta * p.kl_to_log_var / p.mu.size,
    ),
    whole(
        "kl-of-weights",
        "The KL gradient is taken at the weights instead of at what the encoder says.",
        "mu and log_var are x times the weights; their KL gradients take the same way back as those of z.",
        lambda p: (
            p.x.T @ p.grad_z + p.beta * p.w_mu,
            p.x.T @ p.z_to_log_var + p.beta * np.expm1(p.w_log_var) / 2,
        ),
    ),
    whole(
        "kl-not-carried-back",
        "The KL gradients are not carried back through the matrix products.",
        PRODUCT,
        lambda p: (p.x.T @ p.grad_z + p.beta * p.mu.sum(axis=0), p.x.T @ p.z_to_log_var + p.beta * p.kl_to_log_var.sum(axis=0)),
        lambda p: (p.x.T @ p.grad_z + p.beta * p.mu.sum(), p.x.T @ p.z_to_log_var + p.beta * p.kl_to_log_var.sum()),
        lambda p: (p.x.T @ p.grad_z + p.beta * p.mu.mean(axis=0), p.x.T @ p.z_to_log_var + p.beta * p.kl_to_log_var.mean(axis=0)),
    ),
    arriving("kl-mu-halved", "The KL gradient of mu is half of what it should be.", KL_OF_MU, lambda p: p.grad_z + p.beta * p.mu / 2),
    arriving("kl-mu-sign", "The KL gradient of mu has the wrong sign.", KL_OF_MU, lambda p: p.grad_z - p.beta * p.mu),
    arriving("kl-mu-squared", "mu^2 was not differentiated.", KL_OF_MU, lambda p: p.grad_z + p.beta * p.mu**2),
    arriving(
        "kl-doubled",
        "The KL term counts twice.",
        "Both KL gradients have a factor too many: look at the factor in front of the closed form.",
        lambda p: p.grad_z + 2 * p.beta * p.mu,
        lambda p: p.z_to_log_var + 2 * p.beta * p.kl_to_log_var,
    ),
    arriving(
        "kl-halved",
        "The KL term counts half.",
        "Both KL gradients lack a factor: look at the factor in front of the closed form.",
        lambda p: p.grad_z + p.beta * p.mu / 2,
        lambda p: p.z_to_log_var + p.beta * p.kl_to_log_var / 2,
    ),
    arriving(
        "kl-chain-without-sigma",
        "The KL gradient with respect to sigma is carried on to log_var without the sigma of the inner derivative.",
        INNER,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (p.sigma - 1 / p.sigma) / 2,
    ),
    arriving(
        "kl-at-variance",
        "The KL gradient was taken with the variance in the place of sigma.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (np.exp(p.log_var) - np.exp(-p.log_var)),
    ),
    arriving(
        "kl-as-log-sigma",
        "In the KL gradient log_var was taken for the logarithm of the standard deviation.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * np.expm1(2 * p.log_var) / 2,
    ),
    arriving(
        "kl-plus-one",
        "The constant in the KL gradient of log_var has the wrong sign.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (np.exp(p.log_var) + 1) / 2,
    ),
    arriving(
        "kl-half-on-exponential-only",
        "In the KL gradient of log_var the factor reaches only one of the two terms.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (np.exp(p.log_var) / 2 - 1),
    ),
    arriving(
        "kl-without-exponential",
        "In the KL gradient log_var itself stands where the variance belongs.",
        KL,
        to_log_var=lambda p: p.z_to_log_var + p.beta * (p.log_var - 1) / 2,
    ),
    arriving(
        "kl-value-for-gradient",
        "The divergence itself is added where its gradient belongs.",
        "What is added along the second path is a derivative as well.",
        *[
            lambda p, path=path: path(p) + p.beta * (p.mu**2 + np.expm1(p.log_var) - p.log_var) / 2
            for path in (lambda p: p.grad_z, lambda p: p.z_to_log_var)
        ],
    ),
    arriving(
        "kl-halved-again",
        "The KL gradient of log_var is half of what it should be.",
        KL,
        to_log_var=lambda p: p.to_log_var - p.beta * p.kl_to_log_var / 2,
    ),
)
