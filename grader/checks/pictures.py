"""Pictures for feedback, made when a check has failed: a student's own numbers beside what the handout tells everybody.

A picture shows no hidden input: gradients are taken around the numbers of the walk-through, draws with parameters and a seed that are no secret, and
both are asked of a process that has seen nothing else, so that no function can draw what it was asked before. What stands beside them is a
density or a numerical derivative of a formula that the handout states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.checks.answers import Array, as_array, read
from grader.checks.sampling import normal_density
from grader.model import Curve, Picture
from grader.observation import CheckFailed, Student, StudentFault
from grader.unit import WalkThrough

FURTHEST = 4.0
BINS = 40
POINTS = 41
STEP = 1e-5
DIGITS = 4
# Far more than rounding, far less than what an eye can see.
VISIBLE = 1e-3
# What lies further out has no scale in common with the right curve, and the arithmetic of drawing would overflow.
FURTHEST_OUT = 1e12
PAIR = 2

Answers = Callable[..., Sequence[Any]]


@contextmanager
def pictured(student: Student, draw: Callable[[], Picture | None]) -> Iterator[None]:
    """Give a verdict of 'failed' that comes out of the block a picture. No picture is worth a fault: one that cannot be drawn is left out."""
    try:
        yield
    except CheckFailed as problem:
        student.renew()
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


def entries_of(student: Student, function: str) -> Answers:
    """How to ask a function of NumPy for its two derivatives."""
    return lambda *arguments: read(student.call(function, *arguments).value, function, PAIR).entries


def gradient(
    ask: Answers, function: str, loss: Callable[[Array, Array], Array], grids: Sequence[tuple[str, Array]], at: tuple[float, float], remark: str = ""
) -> Picture | None:
    """A student's gradient along a line beside central differences; None if the two look the same.

    Args:
        ask: gets two arrays of one shape and returns the two derivatives.
        function: what the student calls it.
        loss: the formula of the handout, element by element.
        grids: for each of the two arguments its name and the values to try, of shape (POINTS,).
        at: what the other argument is held at.
        remark: what else the caption says.

    Raises:
        CheckFailed: what came back is no pair of arrays of numbers.
        StudentFault: nothing came back.
    """
    for index, (name, grid) in enumerate(grids):
        arguments = [np.full(grid.shape, at[0]), np.full(grid.shape, at[1])]
        arguments[index] = grid
        numerical = _moved(loss, arguments, index)
        held = f"at {grids[1 - index][0]} = {at[1 - index]:.4g}{remark}"
        caption = f"What `{function}` says of the derivative by {name}, and what moving {name} up and down shows, {held}."
        picture = _beside(ask(*arguments), index, numerical, name, grid, caption)
        if picture is not None:
            return picture
    return None


def gradient_of_draws(ask: Answers, function: str, at: WalkThrough) -> Picture | None:
    """The gradients of mu and sigma through draws of different noise, beside central differences; None if the two look the same.

    Args:
        ask: gets grad_z, mu, sigma and epsilon, all of shape (POINTS,), and returns the two derivatives.
        function: what the student calls it.
        at: the walk-through, whose numbers grad_z, mu and sigma are. As loss serves grad_z * z.

    Raises:
        CheckFailed: what came back is no pair of arrays of numbers.
        StudentFault: nothing came back.
    """
    epsilon = np.linspace(-2.0, 2.0, POINTS)
    grad_z, mu, sigma = (np.full(POINTS, value) for value in (at.grad_z, at.mu, at.sigma))
    entries = ask(grad_z, mu, sigma, epsilon)
    for index, name in enumerate(("mu", "sigma")):
        numerical = _moved(lambda mu, sigma: grad_z * (mu + sigma * epsilon), [mu, sigma], index)
        caption = (
            f"What `{function}` says of the derivative by {name} for draws of different noise, and what moving {name} up and down shows "
            f"while the noise is held fixed (mu = {at.mu:.4g}, sigma = {at.sigma:.4g}, dL/dz = {at.grad_z:.4g})."
        )
        picture = _beside(entries, index, numerical, "epsilon", epsilon, caption)
        if picture is not None:
            return picture
    return None


def _moved(loss: Callable[[Array, Array], Array], arguments: Sequence[Array], index: int) -> Array:
    """What moving one of two arguments up and down by a step does to the loss, for each step."""
    up, down = list(arguments), list(arguments)
    up[index], down[index] = arguments[index] + STEP, arguments[index] - STEP
    return (loss(up[0], up[1]) - loss(down[0], down[1])) / (2 * STEP)


def _beside(entries: Sequence[Any], index: int, numerical: Array, x_label: str, grid: Array, caption: str) -> Picture | None:
    """One of a student's two derivatives as a curve; None where it is none, or looks right."""
    if len(entries) != PAIR:
        return None
    own = as_array(entries[index], caption).astype(np.float64)
    if own.shape != grid.shape or not np.all(np.abs(own) < FURTHEST_OUT) or np.max(np.abs(own - numerical)) <= VISIBLE:
        return None
    curves = (
        Curve("central differences of the handout's formula", _numbers(grid), _numbers(numerical)),
        Curve("yours", _numbers(grid), _numbers(own)),
    )
    return Picture(caption, x_label, curves=curves)


def _numbers(values: Array) -> tuple[float, ...]:
    """As many digits as a picture shows."""
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)
