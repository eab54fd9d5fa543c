"""Known mistakes in the backward passes of `inverse_cdf.py`: wrong derivatives, and wrong sums over what broadcasting expanded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.misconceptions.record import Misconception
from grader.checks.misconceptions.reductions import (
    MORE,
    added_axes_only,
    averaged_to,
    numbers_averaged,
    stretched_axes_dropped,
    stretched_axes_only,
    summed_to,
)

Array = NDArray[Any]
Rows = tuple[tuple[str, str, str, *tuple[Callable[..., Any], ...]], ...]

DERIVE = "Hold u fixed, write z as a function of the parameters, and differentiate that."
SUM_UP = "A parameter that broadcasting stretched acts on many elements of z: their contributions add up, in the parameter's own shape."
ONE_EACH = "The sum of products is not the product of sums: each copy of a parameter meets a u of its own."
OWN_SHAPE = "A parameter of shape (3, 1) has a gradient of shape (3, 1): np.sum has an option for that."


def _logit(u: Array) -> Array:
    return np.log(u) - np.log1p(-u)


# u is checked between 0.02 and 0.98.
MARGINS = (0.1, 0.05, 0.04, 0.03, 0.025)


_EXPONENTIAL_BACKWARD: Rows = (
    ("sign", "The sign is wrong: a larger rate pulls every draw towards 0.", DERIVE, lambda g, u, r: summed_to(-g * np.log1p(-u) / r**2, r)),
    ("rate-not-squared", "The derivative of 1/rate has rate squared below it.", DERIVE, lambda g, u, r: summed_to(g * np.log1p(-u) / r, r)),
    ("rate-missing", "rate does not appear in the derivative.", DERIVE, lambda g, u, r: summed_to(g * np.log1p(-u), r)),
    ("rate-cubed", "There is one rate too many in the derivative.", DERIVE, lambda g, u, r: summed_to(g * np.log1p(-u) / r**3, r)),
    ("rate-as-scale", "The derivative belongs to a scale, not to a rate.", DERIVE, lambda g, u, r: summed_to(-g * np.log1p(-u), r)),
    ("forward", "This is grad_z times z: the derivative is missing.", DERIVE, lambda g, u, r: summed_to(-g * np.log1p(-u) / r, r)),
    (
        "grad-z-ignored",
        "The gradient that arrives, grad_z, plays no part.",
        "The chain rule multiplies it in.",
        lambda g, u, r: summed_to(np.log1p(-u) / r**2 + 0 * g, r),
    ),
    ("u-for-one-minus-u", "u and 1 - u have changed places.", DERIVE, lambda g, u, r: summed_to(g * np.log(u) / r**2, r)),
    ("derivative-in-u", "This is the derivative with respect to u.", DERIVE, lambda g, u, r: summed_to(g / ((1 - u) * r), r)),
    (
        "unsummed",
        "The gradient has z's shape, not rate's: what broadcasting expanded is not summed.",
        SUM_UP,
        lambda g, u, r: g * np.log1p(-u) / r**2,
    ),
    (
        "standard-draw-missing",
        "The function of u is missing from the derivative.",
        DERIVE,
        lambda g, u, r: summed_to(-g / r**2 + 0 * u, r),
        lambda g, u, r: summed_to(-g / r + 0 * u, r),
    ),
    (
        "plus-for-minus",
        "Inside the logarithm u is added where it should be subtracted.",
        DERIVE,
        lambda g, u, r: summed_to(g * np.log1p(u) / r**2, r),
        lambda g, u, r: summed_to(-g * np.log1p(u) / r**2, r),
    ),
    (
        "logarithm-missing",
        "The logarithm is missing.",
        DERIVE,
        lambda g, u, r: summed_to(-g * u / r**2, r),
        lambda g, u, r: summed_to(-g * (1 - u) / r**2, r),
        lambda g, u, r: summed_to(g * (1 - u) / r**2, r),
    ),
    (
        "mean-for-sum",
        "What broadcasting expanded is averaged.",
        SUM_UP,
        lambda g, u, r: averaged_to(g * np.log1p(-u) / r**2, r),
        lambda g, u, r: numbers_averaged(g * np.log1p(-u) / r**2, r),
    ),
    (
        "drops-stretched-axes",
        "The axes that broadcasting stretched are gone from the result.",
        OWN_SHAPE,
        lambda g, u, r: stretched_axes_dropped(g * np.log1p(-u) / r**2, r),
    ),
    (
        "added-axes-only",
        "Only the axes that were added in front are summed, not those that were stretched.",
        SUM_UP,
        lambda g, u, r: added_axes_only(g * np.log1p(-u) / r**2, r),
    ),
    (
        "stretched-axes-only",
        "Only the axes that were stretched are summed, not those that were added in front.",
        SUM_UP,
        lambda g, u, r: stretched_axes_only(g * np.log1p(-u) / r**2, r),
    ),
    (
        "sums-before-multiplying",
        "grad_z was summed first and multiplied then.",
        ONE_EACH,
        lambda g, u, r: summed_to(g, r) * np.log1p(-u) / r**2,
        lambda g, u, r: summed_to(g, r) * summed_to(np.log1p(-u) + 0 * g, r) / r**2,
    ),
    ("summed-over-all", "The gradient is summed over every axis.", SUM_UP, lambda g, u, r: np.sum(g * np.log1p(-u) / r**2)),
    ("summed-over-batch", "The gradient is always summed over the first axis.", SUM_UP, lambda g, u, r: np.sum(g * np.log1p(-u) / r**2, axis=0)),
    (
        "score-function",
        "This is the derivative of the logarithm of the density, as in the score-function estimator, not that of z.",
        DERIVE,
        lambda g, u, r: summed_to(g * (1 + np.log1p(-u)) / r, r),
    ),
    (
        "density-missing",
        "This is the derivative of the CDF: it is not divided by the density.",
        DERIVE,
        lambda g, u, r: summed_to(g * np.log1p(-u) * (1 - u) / r, r),
        lambda g, u, r: summed_to(-g * np.log1p(-u) * (1 - u) / r, r),
    ),
    (
        "u-clipped",
        "u is kept away from 0 or 1.",
        "The formula is finite for every u between 0 and 1.",
        *(lambda g, u, r, margin=margin: summed_to(g * np.log1p(-np.clip(u, margin, 1 - margin)) / r**2, r) for margin in MARGINS),
    ),
    *((slug, says, SUM_UP, lambda g, u, r, reduce=reduce: reduce(g * np.log1p(-u) / r**2, r)) for slug, says, reduce in MORE),
)
_LOGISTIC_BACKWARD: Rows = (
    ("order-swapped", "The two gradients come in the wrong order.", DERIVE, lambda g, u, m, s: (summed_to(g * _logit(u), s), summed_to(g, m))),
    ("reversed", "u and 1 - u have changed places.", DERIVE, lambda g, u, m, s: (summed_to(g, m), summed_to(-g * _logit(u), s))),
    (
        "scale-multiplied",
        "scale is multiplied into its own derivative.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * s * _logit(u), s)),
    ),
    ("scale-divided", "The derivative is divided by scale.", DERIVE, lambda g, u, m, s: (summed_to(g, m), summed_to(g * _logit(u) / s, s))),
    (
        "forward",
        "z itself is used in the place of its derivative.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * (m + s * _logit(u)), s)),
    ),
    ("log-u-only", "log(u) is only a part of the logit.", DERIVE, lambda g, u, m, s: (summed_to(g, m), summed_to(g * np.log(u), s))),
    ("u-for-logit", "u stands where the standard draw belongs.", DERIVE, lambda g, u, m, s: (summed_to(g, m), summed_to(g * u, s))),
    (
        "grad-z-ignored",
        "The gradient that arrives, grad_z, plays no part.",
        "The chain rule multiplies it in.",
        lambda g, u, m, s: (summed_to(np.ones_like(g), m), summed_to(_logit(u) + 0 * g, s)),
        lambda g, u, m, s: (np.ones_like(m), summed_to(_logit(u) + 0 * g, s)),
        lambda g, u, m, s: (np.ones_like(m), _logit(u) + 0 * s),
    ),
    (
        "grad-z-ignored-for-loc",
        "grad_z plays no part in the gradient for loc.",
        "The chain rule multiplies it in.",
        lambda g, u, m, s: (summed_to(np.ones_like(g), m), summed_to(g * _logit(u), s)),
        lambda g, u, m, s: (np.ones_like(m), summed_to(g * _logit(u), s)),
    ),
    (
        "grad-z-ignored-for-scale",
        "grad_z plays no part in the gradient for scale.",
        "The chain rule multiplies it in.",
        lambda g, u, m, s: (summed_to(g, m), summed_to(_logit(u) + 0 * g, s)),
    ),
    (
        "grad-loc-scaled",
        "The gradient for loc is multiplied by scale.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g * s, m), summed_to(g * _logit(u), s)),
    ),
    ("logit-missing", "The function of u is missing from the gradient for scale.", DERIVE, lambda g, u, m, s: (summed_to(g, m), summed_to(g, s))),
    (
        "sum-of-logarithms",
        "The two logarithms are added.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * (np.log(u) + np.log1p(-u)), s)),
    ),
    ("odds", "These are the odds; the logarithm is missing.", DERIVE, lambda g, u, m, s: (summed_to(g, m), summed_to(g * u / (1 - u), s))),
    (
        "derivative-in-u",
        "This is a derivative with respect to u.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * s / (u * (1 - u)), s)),
        lambda g, u, m, s: (summed_to(g, m), summed_to(g / (u * (1 - u)), s)),
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * u * (1 - u), s)),
    ),
    ("loc-negative", "The sign of the gradient for loc is flipped.", DERIVE, lambda g, u, m, s: (-summed_to(g, m), summed_to(g * _logit(u), s))),
    ("loc-zero", "The gradient for loc is zero.", "loc shifts z one to one.", lambda g, u, m, s: (0.0 * np.asarray(m), summed_to(g * _logit(u), s))),
    ("loc-times-loc", "The gradient for loc contains loc itself.", DERIVE, lambda g, u, m, s: (summed_to(g * m, m), summed_to(g * _logit(u), s))),
    (
        "log-one-minus-u-only",
        "log(1 - u) is only a part of the logit.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g, m), summed_to(-g * np.log1p(-u), s)),
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * np.log1p(-u), s)),
    ),
    ("loc-unsummed", "What broadcasting expanded of loc is not summed.", SUM_UP, lambda g, u, m, s: (g, summed_to(g * _logit(u), s))),
    ("scale-unsummed", "What broadcasting expanded of scale is not summed.", SUM_UP, lambda g, u, m, s: (summed_to(g, m), g * _logit(u))),
    (
        "drops-stretched-axes",
        "The axes that broadcasting stretched are gone from the result.",
        OWN_SHAPE,
        lambda g, u, m, s: (stretched_axes_dropped(g, m), stretched_axes_dropped(g * _logit(u), s)),
    ),
    (
        "added-axes-only",
        "Only the axes that were added in front are summed, not those that were stretched.",
        SUM_UP,
        lambda g, u, m, s: (added_axes_only(g, m), added_axes_only(g * _logit(u), s)),
    ),
    (
        "stretched-axes-only",
        "Only the axes that were stretched are summed, not those that were added in front.",
        SUM_UP,
        lambda g, u, m, s: (stretched_axes_only(g, m), stretched_axes_only(g * _logit(u), s)),
    ),
    ("unsummed", "The gradients have z's shape: what broadcasting expanded is not summed.", SUM_UP, lambda g, u, m, s: (g, g * _logit(u))),
    (
        "mean-for-sum",
        "What broadcasting expanded is averaged.",
        SUM_UP,
        lambda g, u, m, s: (averaged_to(g, m), averaged_to(g * _logit(u), s)),
        lambda g, u, m, s: (numbers_averaged(g, m), numbers_averaged(g * _logit(u), s)),
    ),
    (
        "sums-before-multiplying",
        "grad_z was summed first and multiplied then.",
        ONE_EACH,
        lambda g, u, m, s: (summed_to(g, m), summed_to(g, s) * _logit(u)),
        lambda g, u, m, s: (summed_to(g, m), summed_to(g, s) * summed_to(_logit(u) + 0 * g, s)),
    ),
    ("summed-over-all", "The gradients are summed over every axis.", SUM_UP, lambda g, u, m, s: (np.sum(g), np.sum(g * _logit(u)))),
    (
        "summed-over-batch",
        "The gradients are always summed over the first axis.",
        SUM_UP,
        lambda g, u, m, s: (np.sum(g, axis=0), np.sum(g * _logit(u), axis=0)),
    ),
    (
        "shapes-swapped",
        "The gradient of loc is shaped like scale, and that of scale like loc.",
        "Each gradient has the shape of its own parameter.",
        lambda g, u, m, s: (summed_to(g, s), summed_to(g * _logit(u), m)),
    ),
    (
        "both-shaped-alike",
        "Both gradients are given the shape of one and the same parameter.",
        "Each gradient has the shape of its own parameter.",
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * _logit(u), m)),
        lambda g, u, m, s: (summed_to(g, s), summed_to(g * _logit(u), s)),
    ),
    (
        "derivative-of-sigmoid",
        "u (1 - u), the derivative of the sigmoid, is multiplied in.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g * u * (1 - u), m), summed_to(g * u * (1 - u) * _logit(u), s)),
    ),
    (
        "logit-without-sign",
        "The standard draw has lost its sign.",
        "A draw below the median falls when scale grows.",
        lambda g, u, m, s: (summed_to(g, m), summed_to(g * np.abs(_logit(u)), s)),
    ),
    (
        "score-function",
        "This is the derivative of the logarithm of the density, as in the score-function estimator, not that of z.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g * (2 * u - 1) / s, m), summed_to(g * (_logit(u) * (2 * u - 1) - 1) / s, s)),
    ),
    (
        "density-missing",
        "These are derivatives of the CDF: they are not divided by the density.",
        DERIVE,
        lambda g, u, m, s: (summed_to(g * u * (1 - u) / s, m), summed_to(g * _logit(u) * u * (1 - u) / s, s)),
        lambda g, u, m, s: (summed_to(-g * u * (1 - u) / s, m), summed_to(-g * _logit(u) * u * (1 - u) / s, s)),
    ),
    (
        "u-clipped",
        "u is kept away from 0 or 1.",
        "The formula is finite for every u between 0 and 1.",
        *(lambda g, u, m, s, margin=margin: (summed_to(g, m), summed_to(g * _logit(np.clip(u, margin, 1 - margin)), s)) for margin in MARGINS),
    ),
    *((slug, says, SUM_UP, lambda g, u, m, s, reduce=reduce: (reduce(g, m), reduce(g * _logit(u), s))) for slug, says, reduce in MORE),
)


def _rows(function: str, rows: Rows) -> tuple[Misconception, ...]:
    name = function.replace("_", "-")
    return tuple(Misconception(f"{name}-{slug}", function, says, look, None, tuple(formulas)) for slug, says, look, *formulas in rows)


MISCONCEPTIONS: tuple[Misconception, ...] = (
    *_rows("exponential_icdf_backward", _EXPONENTIAL_BACKWARD),
    *_rows("logistic_icdf_backward", _LOGISTIC_BACKWARD),
)
