"""Known mistakes in `implicit.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception

FORMULA = "Differentiate F(z; params) = u on both sides with u held fixed, and solve for dz/dparam."
DIFFERENCES = "Central difference: the CDF at param + step minus the CDF at param - step, over their distance."
PATHWISE = "Each draw has a derivative of its own: every entry of the list is shaped like z."
ONE_BY_ONE = "Move one parameter at a time; z and all others stay where they are."
CDF = Callable[..., Any]


def _moved(params: Sequence[Any], index: int, distance: Any) -> list[Any]:
    return [*params[:index], params[index] + distance, *params[index + 1 :]]


def _slope(z: Any, cdf: CDF, params: Sequence[Any], index: int, step: float) -> Any:
    """The right central difference."""
    return (cdf(z, *_moved(params, index, step)) - cdf(z, *_moved(params, index, -step))) / (2.0 * step)


def _row(name: str, says: str, look: str, formula: Callable[..., Any]) -> Misconception:
    return Misconception(f"implicit-{name}", "implicit_gradient", says, look, formula)


def _each(name: str, says: str, look: str, *gradients: Callable[..., Any]) -> Misconception:
    """A mistake in dz/dparam for one parameter, given as gradient(z, cdf, pdf, params, step, index), in one or several ways."""

    def formula_of(gradient: Callable[..., Any]) -> Callable[..., Any]:
        def formula(z: Any, cdf: CDF, pdf: CDF, params: Sequence[Any], step: float = 1e-5) -> Any:
            return [gradient(z, cdf, pdf, params, step, index) for index in range(len(params))]

        return formula

    return Misconception(f"implicit-{name}", "implicit_gradient", says, look, None, tuple(map(formula_of, gradients)))


def _right(z: Any, cdf: CDF, pdf: CDF, params: Sequence[Any], step: float, index: int) -> Any:
    return -_slope(z, cdf, params, index, step) / pdf(z, *params)


def _one_sided(direction: int, divisor: int = 1) -> Callable[..., Any]:
    def gradient(z: Any, cdf: CDF, pdf: CDF, params: Sequence[Any], step: float, index: int) -> Any:
        rise = cdf(z, *_moved(params, index, direction * step)) - cdf(z, *params)
        return -rise / (direction * divisor * step) / pdf(z, *params)

    return gradient


def _all_at_once(z: Any, cdf: CDF, pdf: CDF, params: Sequence[Any], step: float, index: int) -> Any:  # noqa: ARG001
    rise = cdf(z, *(param + step for param in params)) - cdf(z, *(param - step for param in params))
    return -rise / (2.0 * step) / pdf(z, *params)


def _not_restored(z: Any, cdf: CDF, pdf: CDF, params: Sequence[Any], step: float = 1e-5) -> Any:
    """Each parameter stays moved while the next ones are looked at."""
    moving, gradients = list(params), []
    for index, param in enumerate(params):
        moving[index] = param + step
        upper = cdf(z, *moving)
        moving[index] = param - step
        gradients.append(-(upper - cdf(z, *moving)) / (2.0 * step) / pdf(z, *params))
    return gradients


def _summed_like(z: Any, cdf: CDF, pdf: CDF, params: Sequence[Any], step: float, index: int) -> Any:
    gradient, shape = np.asarray(_right(z, cdf, pdf, params, step, index)), np.shape(params[index])
    added = gradient.ndim - len(shape)
    return gradient.sum(axis=(*range(added), *(added + axis for axis, size in enumerate(shape) if size == 1))).reshape(shape)


MISCONCEPTIONS: tuple[Misconception, ...] = (
    _each("missing-minus", "The sign is wrong.", FORMULA, lambda *arguments: -_right(*arguments)),
    _each(
        "not-divided-by-density", "The density is missing.", FORMULA, lambda z, cdf, pdf, params, step, index: -_slope(z, cdf, params, index, step)
    ),
    _each(
        "multiplied-by-density",
        "The density multiplies where it should divide.",
        FORMULA,
        lambda z, cdf, pdf, params, step, index: -_slope(z, cdf, params, index, step) * pdf(z, *params),
    ),
    _each(
        "minus-and-density-missing",
        "This is the derivative of the CDF alone.",
        FORMULA,
        lambda z, cdf, pdf, params, step, index: _slope(z, cdf, params, index, step),
    ),
    _each(
        "density-shifted",
        "A constant is added to the density.",
        "The density is positive: the formula needs no constant for safety.",
        *(
            lambda z, cdf, pdf, params, step, index, shift=shift: -_slope(z, cdf, params, index, step) / (pdf(z, *params) + shift)
            for shift in (0.1, 0.01, 1e-3, 1e-4)
        ),
    ),
    _each("inverted", "Numerator and denominator are exchanged.", FORMULA, lambda *arguments: 1.0 / _right(*arguments)),
    _each(
        "divided-by-cdf",
        "The CDF divides where the density should.",
        FORMULA,
        lambda z, cdf, pdf, params, step, index: -_slope(z, cdf, params, index, step) / cdf(z, *params),
    ),
    _each(
        "differentiates-the-density",
        "The density is differentiated in place of the CDF.",
        FORMULA,
        lambda z, cdf, pdf, params, step, index: -_slope(z, pdf, params, index, step) / pdf(z, *params),
    ),
    _each(
        "density-at-moved-parameters",
        "The density is taken at moved parameters.",
        "The density belongs to the parameters as they are given.",
        lambda z, cdf, pdf, params, step, index: -_slope(z, cdf, params, index, step) / pdf(z, *_moved(params, index, step)),
    ),
    _each("forward-differences", "The derivative of the CDF is taken one-sidedly, upwards.", DIFFERENCES, _one_sided(1)),
    _each("backward-differences", "The derivative of the CDF is taken one-sidedly, downwards.", DIFFERENCES, _one_sided(-1)),
    _each("forward-over-two-steps", "A one-sided difference is divided by the distance of a central one.", DIFFERENCES, _one_sided(1, 2)),
    _each(
        "divided-by-step",
        "The two points are two steps apart, but the difference is divided by one.",
        DIFFERENCES,
        lambda *arguments: 2.0 * _right(*arguments),
    ),
    _each(
        "not-divided-by-step",
        "The difference of the CDF is not divided by the distance of the two points.",
        DIFFERENCES,
        lambda z, cdf, pdf, params, step, index: 2.0 * step * _right(z, cdf, pdf, params, step, index),
    ),
    _each(
        "half-as-large",
        "The two points are one step apart, but the difference is divided by two.",
        DIFFERENCES,
        lambda *arguments: 0.5 * _right(*arguments),
    ),
    _each(
        "divided-by-half-step", "The difference of the CDF is divided by half of a step.", DIFFERENCES, lambda *arguments: 4.0 * _right(*arguments)
    ),
    _each(
        "multiplied-by-step",
        "The difference of the CDF is divided by 2 and multiplied by the step.",
        "`/ 2 * step` divides by 2 only: the distance of the two points needs brackets.",
        lambda z, cdf, pdf, params, step, index: step**2 * _right(z, cdf, pdf, params, step, index),
        lambda z, cdf, pdf, params, step, index: 2 * step**2 * _right(z, cdf, pdf, params, step, index),
    ),
    _each(
        "step-ignored",
        "The difference is taken with a step of its own, not with the one that is passed.",
        "step is an argument: it has to decide how far a parameter is moved.",
        *(
            lambda z, cdf, pdf, params, step, index, own=own, difference=difference: difference(z, cdf, pdf, params, own, index)
            for own in (1.0, 0.5, 0.1, 0.05, 0.01, 0.005, 0.002, 1e-3, 1e-4)
            for difference in (_right, _one_sided(1), _one_sided(-1))
        ),
    ),
    _each(
        "logarithm-of-cdf",
        "The logarithm of the CDF is differentiated.",
        FORMULA,
        lambda z, cdf, pdf, params, step, index: _right(z, cdf, pdf, params, step, index) / cdf(z, *params),
    ),
    _each(
        "second-difference",
        "This is a second derivative of the CDF.",
        DIFFERENCES,
        lambda z, cdf, pdf, params, step, index: (
            -(cdf(z, *_moved(params, index, step)) - 2.0 * cdf(z, *params) + cdf(z, *_moved(params, index, -step))) / step**2 / pdf(z, *params)
        ),
    ),
    _each(
        "parameters-reversed",
        "The parameters are handed to the CDF in the opposite order.",
        "cdf and pdf are called as cdf(z, *params).",
        lambda z, cdf, pdf, params, step, index: _right(z, lambda z, *moved: cdf(z, *moved[::-1]), pdf, params, step, index),
    ),
    _each(
        "moves-z-too",
        "z is moved along with the parameter.",
        ONE_BY_ONE,
        lambda z, cdf, pdf, params, step, index: (
            -(cdf(z + step, *_moved(params, index, step)) - cdf(z - step, *_moved(params, index, -step))) / (2.0 * step) / pdf(z, *params)
        ),
    ),
    _each(
        "relative-step-absolute-divisor",
        "The parameter is moved by a part of itself, but the difference is divided by the step alone.",
        DIFFERENCES,
        lambda z, cdf, pdf, params, step, index: _right(z, cdf, pdf, params, step, index) * params[index],
    ),
    _each(
        "relative-step",
        "The parameter is moved by a part of itself, and one that is 0 stays where it is.",
        DIFFERENCES,
        lambda z, cdf, pdf, params, step, index: np.where(np.equal(params[index], 0.0), np.nan, _right(z, cdf, pdf, params, step, index)),
    ),
    _each(
        "density-squared",
        "The gradient is divided by the square of the density.",
        FORMULA,
        lambda z, cdf, pdf, params, step, index: _right(z, cdf, pdf, params, step, index) / pdf(z, *params),
    ),
    _each("all-parameters-at-once", "All parameters are moved together.", ONE_BY_ONE, _all_at_once),
    _row("parameters-not-restored", "A parameter stays moved while the next one is looked at.", ONE_BY_ONE, _not_restored),
    _each(
        "moves-z",
        "z is moved in place of the parameter.",
        ONE_BY_ONE,
        lambda z, cdf, pdf, params, step, index: -(cdf(z + step, *params) - cdf(z - step, *params)) / (2.0 * step) / pdf(z, *params),
    ),
    _row(
        "reversed-order",
        "The gradients come in the wrong order.",
        "One for each entry of params, in the same order.",
        lambda z, cdf, pdf, params, step=1e-5: [_right(z, cdf, pdf, params, step, index) for index in range(len(params))][::-1],
    ),
    _row(
        "last-parameter-for-all",
        "Every entry is the gradient for the last parameter.",
        "A function that is defined in a loop and called after it sees the loop's last index.",
        lambda z, cdf, pdf, params, step=1e-5: [_right(z, cdf, pdf, params, step, len(params) - 1)] * len(params),
    ),
    _each(
        "moves-back-and-forth",
        "An array is moved up and down again before the CDF sees it.",
        "`list(params)` holds the same arrays, and `+=` changes them where they are: `params[index] + step` makes a new one.",
        lambda z, cdf, pdf, params, step, index: 0.0 * np.asarray(z) if np.ndim(params[index]) else _right(z, cdf, pdf, params, step, index),
    ),
    _row(
        "first-parameter-only",
        "Only the first parameter was looked at.",
        "One gradient for each entry of params: there may be one, two or more.",
        lambda z, cdf, pdf, params, step=1e-5: [_right(z, cdf, pdf, params, step, 0)],
    ),
    _row(
        "added-up",
        "The gradients of all parameters are added up.",
        "One gradient for each entry of params, in a list.",
        lambda z, cdf, pdf, params, step=1e-5: sum(_right(z, cdf, pdf, params, step, index) for index in range(len(params))),
    ),
    _each("shaped-like-parameter", "The gradients are summed to the shapes of the parameters.", PATHWISE, _summed_like),
    _each("summed", "The gradients are summed over all draws.", PATHWISE, lambda *arguments: np.sum(_right(*arguments))),
    _each("averaged", "The gradients are averaged over all draws.", PATHWISE, lambda *arguments: np.mean(_right(*arguments))),
)
