"""Known mistakes in the class `Reparameterize` that are not those of the local gradients: in its forward pass, and in how it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception


def _forward(name: str, says: str, formula: Callable[[Any, Any, Any], Any], look: str = "Compare with z = mu + sigma * epsilon.") -> Misconception:
    return Misconception(
        f"Reparameterize-forward-{name}", "Reparameterize", says, look, lambda mu, sigma, epsilon, grad_z: formula(mu, sigma, epsilon)
    )


FORWARD = (
    _forward("variance-for-sd", "In forward the noise is scaled by the variance.", lambda m, s, e: m + s**2 * e),
    _forward(
        "root-of-sigma",
        "In forward the noise is scaled by the root of sigma.",
        lambda m, s, e: m + np.sqrt(s) * e,
        "sigma is a standard deviation already.",
    ),
    _forward(
        "sigma-as-log-var",
        "In forward sigma was taken for the logarithm of the variance.",
        lambda m, s, e: m + np.exp(s / 2) * e,
        "sigma is a standard deviation already.",
    ),
    _forward(
        "sigma-as-log-sigma",
        "In forward sigma was taken for its logarithm.",
        lambda m, s, e: m + np.exp(s) * e,
        "sigma is a standard deviation already.",
    ),
    _forward("missing-sigma", "In forward the noise is not scaled.", lambda m, s, e: m + e),
    _forward("missing-mu", "In forward the mean is missing.", lambda m, s, e: s * e),
    _forward("missing-noise", "In forward the noise is missing.", lambda m, s, e: m + s),
    _forward("noise-subtracted", "In forward the noise is subtracted.", lambda m, s, e: m - s * e),
    _forward("swapped-arguments", "In forward the mean and the standard deviation are mixed up.", lambda m, s, e: s + m * e),
    _forward("brackets", "In forward the mean is multiplied by the noise as well.", lambda m, s, e: (m + s) * e),
    _forward("scales-the-mean", "In forward the mean is scaled by sigma as well.", lambda m, s, e: s * (m + e)),
    _forward("noise-as-sigma", "In forward sigma scales the mean, and the noise is added as it is.", lambda m, s, e: m * s + e),
    _forward("mean-only", "forward returns the mean.", lambda m, s, e: m),
)

CLASS = (
    Misconception(
        "Reparameterize-noise-gradient",
        "Reparameterize",
        "backward returns a gradient for the noise.",
        "The noise is a leaf without parameters: nobody ever needs its gradient, and backward says so with a None.",
    ),
    Misconception(
        "Reparameterize-nothing-saved",
        "Reparameterize",
        "backward looks for a saved tensor, and forward saved none.",
        "What backward needs, forward hands to ctx.save_for_backward.",
    ),
    Misconception(
        "Reparameterize-kept-outside-ctx",
        "Reparameterize",
        "What backward needs is kept where the next application overwrites it.",
        "Look for attributes of the class and for global variables: ctx belongs to one application alone.",
    ),
    Misconception(
        "Reparameterize-method-missing",
        "Reparameterize",
        "Torch finds no method of the name it looks for.",
        "The class needs static methods called `forward` and `backward`: check their spelling.",
    ),
    Misconception(
        "Reparameterize-list-for-tuple",
        "Reparameterize",
        "backward returns something else than tensors side by side.",
        "Torch takes several gradients from a tuple only: write them after `return` with commas between them.",
    ),
    Misconception(
        "Reparameterize-number-of-gradients",
        "Reparameterize",
        "backward must return one value for each argument of forward, which has three beside ctx.",
        "(grad_mu, grad_sigma, None): the noise needs an entry, too.",
    ),
    Misconception(
        "Reparameterize-no-gradient",
        "Reparameterize",
        "None says that nobody needs this gradient, but the encoder does.",
        "Only the noise may get a None; mind the order of forward's arguments.",
    ),
    Misconception(
        "Reparameterize-needs-both",
        "Reparameterize",
        "A gradient is missing or wrong where the other one is not needed.",
        "A model may freeze mu or sigma: ctx.needs_input_grad speaks of each argument by itself.",
    ),
    Misconception(
        "Reparameterize-not-recorded",
        "Reparameterize",
        "No way leads back from z: torch has not recorded it.",
        "Look for `mark_non_differentiable`, and for a z that is made of whole numbers.",
    ),
    Misconception(
        "Reparameterize-changes-dtype",
        "Reparameterize",
        "z must have the dtype of its arguments: torch works in single and in double precision.",
        "Look for `.double()`, `.float()`, `dtype=` and a detour through NumPy.",
    ),
    Misconception(
        "Reparameterize-overrides-apply",
        "Reparameterize",
        "The class defines an `apply` of its own, which would replace torch's.",
        "Write `forward` and `backward` only; `apply` is what torch offers.",
    ),
    Misconception(
        "Reparameterize-no-function",
        "Reparameterize",
        "`Reparameterize` is no subclass of torch.autograd.Function.",
        "It has to stay `class Reparameterize(torch.autograd.Function)`, with static methods.",
    ),
)

MISCONCEPTIONS: tuple[Misconception, ...] = FORWARD + CLASS
