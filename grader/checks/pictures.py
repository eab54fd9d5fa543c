"""Pictures for feedback, made when a check has failed: a student's own numbers beside what the handout tells everybody.

A picture shows no hidden input: draws are brought to standard scores, gradients are taken around the numbers of the walk-through. What stands beside
them is a density or a numerical derivative of a formula that the handout states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from grader.checks.answers import Array, read
from grader.checks.sampling import normal_density
from grader.model import Curve, Picture
from grader.observation import CheckFailed, Student, StudentFault

FURTHEST = 4.0
BINS = 40
POINTS = 41
STEP = 1e-5
DIGITS = 4
# Far more than rounding, far less than what an eye can see.
VISIBLE = 1e-3


@contextmanager
def pictured(draw: Callable[[], Picture | None]) -> Iterator[None]:
    """Give a verdict of 'failed' that comes out of the block a picture. No picture is worth a fault: one that cannot be drawn is left out."""
    try:
        yield
    except CheckFailed as problem:
        try:
            problem.picture = draw()
        except (CheckFailed, StudentFault):
            problem.picture = None
        raise


def histogram(scores: Array) -> Picture:
    """Scores, which are standard normal for a right sampler, as the share of all draws per unit of width, beside the density.

    Args:
        scores: array of any shape, finite.
    """
    edges = np.linspace(-FURTHEST, FURTHEST, BINS + 1)
    counts, _ = np.histogram(scores, edges)
    outside = 1.0 - counts.sum() / scores.size
    caption = "Your draws, less the mean they should have and divided by the standard deviation they should have."
    if outside > VISIBLE:
        caption += f" {100 * outside:.2g} % of them lie outside of the picture."
    x = np.linspace(-FURTHEST, FURTHEST, 2 * BINS + 1)
    density = Curve("the density they should have", _numbers(x), _numbers(normal_density(x)))
    return Picture(caption, "standard score", "your draws", _numbers(edges), _numbers(counts / scores.size / np.diff(edges)), (density,))


def gradient(
    student: Student, function: str, loss: Callable[[Array, Array], Array], grids: Sequence[tuple[str, Array]], at: tuple[float, float]
) -> Picture | None:
    """A student's gradient along a line beside central differences; None if the two look the same.

    Args:
        student: the proxy.
        function: takes two arrays of one shape and returns the two derivatives.
        loss: the formula of the handout, element by element.
        grids: for each of the two arguments its name and the values to try, of shape (POINTS,).
        at: what the other argument is held at.

    Raises:
        CheckFailed: what came back is no pair of arrays of numbers.
        StudentFault: nothing came back.
    """
    for index, (name, grid) in enumerate(grids):
        arguments = [np.full(grid.shape, at[0]), np.full(grid.shape, at[1])]
        arguments[index] = grid
        up, down = list(arguments), list(arguments)
        up[index], down[index] = grid + STEP, grid - STEP
        numerical = (loss(up[0], up[1]) - loss(down[0], down[1])) / (2 * STEP)
        entries = read(student.call(function, *arguments).value, function, len(grids)).entries
        if len(entries) != len(grids):
            return None
        own = np.asarray(entries[index], dtype=np.float64)
        if own.shape == grid.shape and np.all(np.isfinite(own)) and np.max(np.abs(own - numerical)) > VISIBLE:
            other = grids[1 - index][0]
            caption = (
                f"What `{function}` says of the derivative by {name}, and what moving {name} up and down shows, at {other} = {at[1 - index]:.4g}."
            )
            curves = (
                Curve("central differences of the handout's formula", _numbers(grid), _numbers(numerical)),
                Curve("yours", _numbers(grid), _numbers(own)),
            )
            return Picture(caption, name, curves=curves)
    return None


def _numbers(values: Array) -> tuple[float, ...]:
    """As many digits as a picture shows."""
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)
