"""Central differences: the gradient of a loss by moving every element of one argument up and down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.answers import Array


def central_differences(loss: Callable[[Any], Any], argument: Any, step: float = 1e-5) -> Array:
    """The derivative of the loss by the argument, shaped like the argument.

    Args:
        loss: from an array like `argument` to a number.
        argument: an array or a number.
        step: half the distance of the two evaluations. The error is of order step^2 times the third derivative.
    """
    point = np.array(argument, dtype=np.float64)
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        values = []
        for move in (step, -step):
            moved = point.copy()
            moved[index] += move
            values.append(float(loss(moved)))
        gradient[index] = (values[0] - values[1]) / (2.0 * step)
    return gradient
