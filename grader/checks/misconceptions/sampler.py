"""Known mistakes in `sampler.py`.

`reparameterize` is recognised by its values. The two samplers are random: their mistakes are recognised by the location and scale that make the draws
standard normal after all, by the family of the noise, or by what the noise is shared with. Tables say which evidence names which mistake.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks import sampling
from grader.checks.misconceptions.record import Misconception
from grader.unit import current

Array = NDArray[Any]
Scale = Callable[[Array, Array], tuple[Any, Any]]

DEFINITION = "Compare with the definition of z in the section on the trick: what is multiplied, what is added, and with which symbol?"
WRITTEN_OUT = "Write down the mean and the standard deviation of what your line returns, and compare them with those that are asked for."
LOG_VAR = "Start from log_var = log(sigma^2) and solve it for sigma."
ONE_DRAW_EACH = "Which shape does the noise have, and which shape has z? Each element needs a draw of its own."
ONLY_SOURCE = (
    "All randomness has to come from the generator that is passed, and a generator moves on with every draw: do not seed, copy or replace it."
)
BROKEN = "Print `z.requires_grad` and `z.grad_fn`, and follow the section on the two graphs: the noise is the leaf, mu and log_var are not."
STANDARD = "The trick wants one particular noise, named in the handout's table of symbols."

_REPARAMETERIZE: tuple[tuple[str, str, *tuple[Callable[..., Any], ...]], ...] = (
    ("variance-for-sd", "The noise is multiplied by the variance instead of the standard deviation.", lambda m, s, e: m + s**2 * e),
    (
        "root-of-sd",
        "The noise is multiplied by the square root of sigma, but sigma already is a standard deviation.",
        lambda m, s, e: m + np.sqrt(s) * e,
    ),
    ("log-var-for-sd", "sigma is treated as if it were the logarithm of the variance.", lambda m, s, e: m + np.exp(s / 2) * e),
    ("log-sd-for-sd", "sigma is treated as if it were the logarithm of the standard deviation.", lambda m, s, e: m + np.exp(s) * e),
    ("noise-ignored", "The noise plays no part in the result.", lambda m, s, e: m + 0 * s * e, lambda m, s, e: m + s + 0 * e),
    ("sigma-ignored", "sigma plays no part in the result.", lambda m, s, e: m + e + 0 * s),
    ("mu-ignored", "mu plays no part in the result.", lambda m, s, e: s * e + 0 * m),
    ("mu-sigma-swapped", "mu and sigma have changed places.", lambda m, s, e: s + m * e),
    ("mu-epsilon-swapped", "mu and epsilon have changed places.", lambda m, s, e: e + s * m),
    ("sum-for-product", "Something is added that should be multiplied.", lambda m, s, e: m + s + e),
    ("mu-scaled", "mu is multiplied by sigma as well.", lambda m, s, e: (m + e) * s),
    (
        "noise-subtracted",
        "The noise is subtracted. Its distribution stays the same, but z is to be computed from this very noise.",
        lambda m, s, e: m - s * e,
    ),
    ("mu-subtracted", "mu enters with the wrong sign.", lambda m, s, e: s * e - m),
    ("mu-times-noise", "mu is multiplied by the noise as well.", lambda m, s, e: (m + s) * e),
    ("product-for-sum", "Something is multiplied that should be added.", lambda m, s, e: m * s * e),
    ("mu-squared", "mu is squared.", lambda m, s, e: m**2 + s * e),
    ("mu-rescaled", "mu comes in with a factor.", lambda m, s, e: 2 * m + s * e, lambda m, s, e: 0.5 * m + s * e),
    ("noise-halved", "The noise comes in with a factor 1/2.", lambda m, s, e: m + 0.5 * s * e),
    ("noise-doubled", "The noise comes in with a factor 2.", lambda m, s, e: m + 2 * s * e),
    ("half-variance-for-sd", "Half of the variance stands where the standard deviation belongs.", lambda m, s, e: m + s**2 / 2 * e),
    ("divided-by-variance", "The noise is divided by the variance.", lambda m, s, e: m + e / s**2),
    ("divided-by-sd", "The noise is divided by sigma.", lambda m, s, e: m + e / s),
    (
        "standardized",
        "This is the way back, from a draw to the noise.",
        lambda m, s, e: (e - m) / s,
        lambda m, s, e: (m - e) / s,
        lambda m, s, e: (e - m) * s,
    ),
    ("noise-squared", "The noise is squared.", lambda m, s, e: m + s * e**2),
    ("noise-without-sign", "The noise has lost its sign.", lambda m, s, e: m + s * np.abs(e)),
    ("averaged", "The result is averaged.", *(lambda m, s, e, a=axis: np.mean(m + s * e, axis=a) for axis in (None, 0, -1))),
    ("summed", "The result is summed.", *(lambda m, s, e, a=axis: np.sum(m + s * e, axis=a) for axis in (-1, 0, None))),
    (
        "noise-standardized",
        "The noise is standardized before it is used, but it comes from N(0, 1) already.",
        lambda m, s, e: m + s * (e - np.mean(e)) / np.std(e),
        lambda m, s, e: m + s * (e - np.mean(e)) / (np.std(e) + 1e-8),
        lambda m, s, e: m + s * (e - np.mean(e)),
    ),
    ("result-without-sign", "The result has lost its sign.", lambda m, s, e: np.abs(m + s * e)),
    ("noise-averaged", "The noise is averaged before it is used.", lambda m, s, e: m + s * np.mean(e) + 0 * e),
    ("hard-coded", "The result is the number of the walk-through, whatever the arguments.", lambda m, s, e: current().walk_through.derived()["z"]),
)

# Location and scale of the draws of a wrong sampler. For `sample` the arguments are mu and sigma,
SAMPLE_SCALES: Mapping[str, Scale] = {
    "variance-for-sd": lambda mu, sigma: (mu, sigma**2),
    "root-of-sd": lambda mu, sigma: (mu, np.sqrt(sigma)),
    "log-var-for-sd": lambda mu, sigma: (mu, np.exp(sigma / 2)),
    "log-sd-for-sd": lambda mu, sigma: (mu, np.exp(sigma)),
    "divided-by-sd": lambda mu, sigma: (mu, 1 / sigma),
    "scale-ignored": lambda mu, sigma: (mu, 1.0),
    "mu-ignored": lambda mu, sigma: (0.0, sigma),
    "parameters-ignored": lambda mu, sigma: (0.0, 1.0),
    "parameters-swapped": lambda mu, sigma: (sigma, np.abs(mu)),
    "scale-halved": lambda mu, sigma: (mu, sigma / 2),
    "scale-doubled": lambda mu, sigma: (mu, 2 * sigma),
    "half-variance-for-sd": lambda mu, sigma: (mu, sigma**2 / 2),
    "mu-times-noise": lambda mu, sigma: (0.0, np.abs(mu + sigma)),
    "product-for-sum": lambda mu, sigma: (0.0, np.abs(mu * sigma)),
    "mu-squared": lambda mu, sigma: (mu**2, sigma),
    "sum-for-product": lambda mu, sigma: (mu + sigma, 1.0),
    "mu-scaled": lambda mu, sigma: (mu * sigma, sigma),
    "mu-subtracted": lambda mu, sigma: (-mu, sigma),
    "scale-averaged": lambda mu, sigma: (mu, np.mean(sigma)),
    "mu-averaged": lambda mu, sigma: (np.mean(mu), sigma),
}

# for `rsample` they are mu and log_var.
RSAMPLE_SCALES: Mapping[str, Scale] = {
    "variance-for-sd": lambda mu, log_var: (mu, np.exp(log_var)),
    "squared-variance": lambda mu, log_var: (mu, np.exp(2 * log_var)),
    "log-var-for-sd": lambda mu, log_var: (mu, np.abs(log_var)),
    "half-log-var-for-sd": lambda mu, log_var: (mu, np.abs(log_var) / 2),
    "root-of-sd": lambda mu, log_var: (mu, np.exp(log_var / 4)),
    "divided-by-sd": lambda mu, log_var: (mu, np.exp(-log_var / 2)),
    "divided-by-variance": lambda mu, log_var: (mu, np.exp(-log_var)),
    "softplus": lambda mu, log_var: (mu, np.log1p(np.exp(log_var))),
    "root-of-softplus": lambda mu, log_var: (mu, np.sqrt(np.log1p(np.exp(log_var)))),
    "root-of-log-var": lambda mu, log_var: (mu, np.sqrt(np.abs(log_var))),
    "scale-ignored": lambda mu, log_var: (mu, 1.0),
    "mu-ignored": lambda mu, log_var: (0.0, np.exp(log_var / 2)),
    "parameters-ignored": lambda mu, log_var: (0.0, 1.0),
    "parameters-swapped": lambda mu, log_var: (log_var, np.exp(mu / 2)),
    "scale-halved": lambda mu, log_var: (mu, np.exp(log_var / 2) / 2),
    "scale-doubled": lambda mu, log_var: (mu, 2 * np.exp(log_var / 2)),
    "half-variance-for-sd": lambda mu, log_var: (mu, np.exp(log_var) / 2),
    "logarithm-base-two": lambda mu, log_var: (mu, 2 ** (log_var / 2)),
    "mu-times-noise": lambda mu, log_var: (0.0, np.abs(mu + np.exp(log_var / 2))),
    "product-for-sum": lambda mu, log_var: (0.0, np.abs(mu) * np.exp(log_var / 2)),
    "mu-squared": lambda mu, log_var: (mu**2, np.exp(log_var / 2)),
    "sigmoid": lambda mu, log_var: (mu, 1 / (1 + np.exp(-log_var))),
    "sum-for-product": lambda mu, log_var: (mu + np.exp(log_var / 2), 1.0),
    "mu-scaled": lambda mu, log_var: (mu * np.exp(log_var / 2), np.exp(log_var / 2)),
    "mu-subtracted": lambda mu, log_var: (-mu, np.exp(log_var / 2)),
    "scale-averaged": lambda mu, log_var: (mu, np.exp(np.mean(log_var) / 2)),
    "mu-averaged": lambda mu, log_var: (np.mean(mu), np.exp(log_var / 2)),
}


def _clipped(bound: float, mu: Array, log_var: Array) -> tuple[Any, Any]:
    return mu, np.exp(np.clip(log_var, -bound, bound) / 2)


CLIPPED: tuple[tuple[str, Scale], ...] = tuple(("log-var-clipped", partial(_clipped, bound)) for bound in (0.5, 1.0, 2.0))

_SCALES: Mapping[str, tuple[str, str]] = {
    "variance-for-sd": ("The draws have the variance where they should have the standard deviation.", WRITTEN_OUT),
    "root-of-sd": ("The draws are scaled with the square root of the standard deviation.", WRITTEN_OUT),
    "log-var-for-sd": (
        "The logarithm of the variance and the standard deviation are mixed up.",
        "See the table of symbols: which of the two is passed?",
    ),
    "log-sd-for-sd": ("sigma is treated as if it were a logarithm.", "See the table of symbols: sigma is positive already and needs no exponential."),
    "squared-variance": ("The draws have the square of the variance as their scale.", LOG_VAR),
    "half-log-var-for-sd": ("The exponential is missing: half of log_var is the logarithm of the standard deviation.", LOG_VAR),
    "divided-by-sd": ("The draws are scaled with the reciprocal of the standard deviation.", WRITTEN_OUT),
    "divided-by-variance": ("The draws are scaled with the reciprocal of the variance.", LOG_VAR),
    "softplus": ("The parameter goes through a softplus, which suits a network that means something else by its output.", WRITTEN_OUT),
    "root-of-softplus": ("log_var goes through a softplus, which suits a network that means something else by its output.", LOG_VAR),
    "root-of-log-var": ("A square root is taken of log_var, which is a logarithm and may be negative.", LOG_VAR),
    "scale-ignored": ("The spread of the draws does not depend on the parameter for the spread.", WRITTEN_OUT),
    "mu-ignored": ("The draws are centred at 0 and do not depend on mu.", WRITTEN_OUT),
    "parameters-ignored": ("This is the standard noise itself: neither parameter plays a part.", WRITTEN_OUT),
    "parameters-swapped": ("The two parameters have changed places.", WRITTEN_OUT),
    "scale-halved": ("The draws are spread half as widely as they should be, whatever the parameters.", WRITTEN_OUT),
    "scale-doubled": ("The draws are spread twice as widely as they should be, whatever the parameters.", WRITTEN_OUT),
    "half-variance-for-sd": ("Half of the variance stands where the standard deviation belongs.", WRITTEN_OUT),
    "logarithm-base-two": ("log_var is treated as a logarithm to base 2; it is the natural one.", LOG_VAR),
    "sigmoid": ("log_var goes through a sigmoid, which suits a network that means something else by its output.", LOG_VAR),
    "mu-times-noise": ("mu is multiplied by the noise as well.", DEFINITION),
    "product-for-sum": ("Something is multiplied that should be added.", DEFINITION),
    "mu-squared": ("mu is squared.", DEFINITION),
    "sum-for-product": ("The standard deviation is added where it should be multiplied.", DEFINITION),
    "mu-scaled": ("mu is multiplied by the standard deviation as well.", DEFINITION),
    "mu-subtracted": ("mu enters with the wrong sign.", DEFINITION),
    "scale-averaged": ("All draws have one spread, an average over the elements.", "Each element has a spread of its own: look for a `mean`."),
    "mu-averaged": ("All draws have one centre, an average over the elements.", "Each element has a mu of its own: look for a `mean`."),
    "log-var-clipped": ("log_var is kept within bounds.", "Look for `clip` and `clamp`: the formula has no bounds."),
}


def _student_3(t: Array) -> Array:
    y = t / math.sqrt(3.0)
    return np.asarray(0.5 + (y / (1.0 + y**2) + np.arctan(y)) / math.pi)


def _laplace(x: Array) -> Array:
    tail = 0.5 * np.exp(-np.abs(x) * 2.0 * math.log(2.0))
    return np.where(x < 0, tail, 1.0 - tail)


def _exponential(x: Array) -> Array:
    return np.asarray(1.0 - 0.5 * np.minimum(3.0**-x, 2.0))


def _half_normal(x: Array) -> Array:
    return np.clip(2.0 * sampling.normal_cdf(0.6744897501960817 + 0.8317100164116327 * x) - 1.0, 0.0, 1.0)


LOG_TWO = math.log(2.0)


def _gumbel(x: Array) -> Array:
    middle, between = -math.log(LOG_TWO), math.log(2.0 * LOG_TWO / math.log(4.0 / 3.0))
    return np.exp(-np.exp(-(middle + between * x)))


@cache
def _box_muller_draws(angle: Callable[[Array], Array]) -> Array:
    """What Box and Muller's formula makes of one uniform in both places, in order."""
    u = (np.arange(100_000) + 0.5) / 100_000
    return np.sort(np.sqrt(-2.0 * np.log(u)) * angle(2.0 * np.pi * u))


def _box_muller(angle: Callable[[Array], Array], x: Array) -> Array:
    draws = _box_muller_draws(angle)
    return np.asarray(np.searchsorted(draws, x) / draws.size)


# Noise in a scale of its own. The second and third differ by u and 1 - u.
UNSCALED_NOISES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("noise-of-one-uniform", partial(_box_muller, np.cos)),
    ("noise-of-one-uniform", partial(_box_muller, np.sin)),
    ("noise-of-one-uniform", lambda x: 1.0 - _box_muller(np.sin, -x)),
)

# Noise that is not standard normal, told by the shape of its distribution alone: these distribution functions have median 0 and quartiles 1 apart.
NOISES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("noise-not-standard", lambda x: sampling.normal_cdf(1.3489795003921634 * x)),
    ("uniform-noise", lambda x: np.clip(x / 2.0 + 0.5, 0.0, 1.0)),
    ("laplace-noise", _laplace),
    ("heavy-tailed-noise", lambda x: np.asarray(1.0 / (1.0 + 9.0**-x))),
    ("heavy-tailed-noise", lambda x: 0.5 + np.arctan(2.0 * x) / math.pi),
    ("heavy-tailed-noise", lambda x: _student_3(1.5297845 * x)),
    ("one-sided-noise", _half_normal),
    ("one-sided-noise", _exponential),
    ("one-sided-noise", lambda x: 1.0 - _exponential(-x)),
    ("gumbel-noise", _gumbel),
    ("gumbel-noise", lambda x: 1.0 - _gumbel(-x)),
)

_NOISES: Mapping[str, str] = {
    "no-noise": "The draws are not random at all.",
    "noise-not-standard": "The noise is normal, but its mean is not 0 or its standard deviation not 1.",
    "uniform-noise": "The noise is uniform, not normal.",
    "laplace-noise": "The noise has a Laplace distribution, not a normal one.",
    "heavy-tailed-noise": "The noise has heavier tails than a normal distribution.",
    "one-sided-noise": "The noise is one-sided, like an exponential distribution.",
    "gumbel-noise": "The noise has a Gumbel distribution, not a normal one.",
    "noise-of-one-uniform": "One uniform number serves as radius and as angle: Box and Muller's formula takes two that are independent.",
    "two-valued-noise": "The noise takes two values only.",
    "few-valued-noise": "The noise takes a few values only, as if it were counted or chosen from a list.",
    "truncated-noise": "The noise never leaves a band around 0: it is cut off or clipped, and a normal distribution is not.",
    "sum-of-uniforms-noise": "The noise is a sum of uniform numbers: nearly normal, but the tails end too soon.",
}

SHARED: Mapping[str, str] = {
    "noise-shared-across-batch": "All rows of a batch get the same noise.",
    "noise-shared-across-latent": "All latent dimensions of a row get the same noise.",
    "one-draw-for-all": "A single draw serves all elements.",
    "noise-of-mu-shape": "The noise has the shape of mu alone: where only the other argument varies, elements share their noise.",
    "noise-of-sigma-shape": "The noise has the shape of sigma alone: where only mu varies, elements share their noise.",
}

ARRANGED: Mapping[str, str] = {
    "antithetic-noise": "Every draw has a twin of the opposite sign.",
    "sorted-noise": "The draws come in sorted order.",
    "noise-standardized": "The noise of each call is shifted or rescaled by its own mean or standard deviation.",
    "noise-repeated": "The same noise is used more than once.",
    "noise-too-even": "The noise is spread more evenly than independent draws are, as on a grid or from strata.",
    "noise-correlated": "Neighbouring draws have something in common: they are not drawn one by one.",
}

GENERATOR: Mapping[str, str] = {
    "restarts-generator": "Two calls in a row with the same generator return the same draws, as if it were copied or started anew in each call.",
    "fixed-noise": "The same noise comes out every time, as from a fixed seed inside the function or from noise that is drawn once and kept.",
    "other-generator": "The generator that is passed does not decide everything, for the same state gave different draws: is there another one, "
    "or something that is kept from call to call?",
    "generator-ignored": "The generator that is passed has no influence: the draws come from torch's default generator.",
    "global-state": "A global random generator is used or seeded, where only the one that is passed may be.",
}

_RSAMPLE: tuple[tuple[str, str, str], ...] = (
    ("numpy-noise", "The noise comes from NumPy's global generator.", "Draw with torch, so that its generators decide."),
    (
        "default-generator-unused",
        "Without a generator, torch's default generator has to provide the noise.",
        "torch.manual_seed makes a run repeat.",
    ),
    ("returns-numpy", "The result is no torch tensor.", "Stay in torch: a trip through NumPy loses dtype and graph."),
    (
        "graph-broken-at-z",
        "No gradient can leave z: it hangs on no graph.",
        BROKEN + " Look for no_grad, detach, .data, `sample()` in the place of `rsample()`.",
    ),
    ("graph-broken-at-mu", "The gradient reaches log_var, but not mu.", BROKEN + " Look for a detach on the way from mu."),
    (
        "graph-broken-at-log-var",
        "The gradient reaches mu, but not log_var.",
        BROKEN + " Look for detach, no_grad or .item() on the way from log_var.",
    ),
    (
        "torch-normal",
        "The gradients are zero: a draw made with mu and sigma as its parameters has none.",
        BROKEN + " torch.normal(mu, sigma) is such a draw.",
    ),
    (
        "straight-through",
        "The gradient that arrives is handed on to log_var as it is.",
        "How far does z move with log_var? The chain rule multiplies that in, and no detach may stand in its way.",
    ),
    ("gradient-without-half", "The gradient for log_var is twice what belongs to the draws.", "Which factor comes from sigma = exp(log_var / 2)?"),
    ("dtype-lost", "The result has another dtype than mu.", "Create the noise with mu's dtype; torch's default is float32, NumPy's is float64."),
)


def _shared_rows(function: str) -> list[tuple[str, str, str]]:
    """The mistakes that both samplers know."""
    scales = SAMPLE_SCALES if function == "sample" else RSAMPLE_SCALES
    return [
        *((slug, *_SCALES[slug]) for slug in scales),
        *((slug, *_SCALES[slug]) for slug in dict(CLIPPED) if function == "rsample"),
        *((slug, says, STANDARD) for slug, says in _NOISES.items()),
        *((slug, says, ONE_DRAW_EACH) for slug, says in SHARED.items() if function == "sample" or "-of-" not in slug),
        *((slug, says, ONE_DRAW_EACH) for slug, says in ARRANGED.items()),
        *((slug, says, ONLY_SOURCE) for slug, says in GENERATOR.items()),
    ]


MISCONCEPTIONS: tuple[Misconception, ...] = (
    *(
        Misconception(f"reparameterize-{slug}", "reparameterize", says, DEFINITION, None, tuple(formulas))
        for slug, says, *formulas in _REPARAMETERIZE
    ),
    *(Misconception(f"sample-{slug}", "sample", says, look) for slug, says, look in _shared_rows("sample")),
    *(Misconception(f"rsample-{slug}", "rsample", says, look) for slug, says, look in (*_shared_rows("rsample"), *_RSAMPLE)),
)
