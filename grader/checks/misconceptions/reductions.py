"""Ways to give a gradient in the shape of z the shape of a parameter that broadcasting expanded to it. One of them is right."""

from __future__ import annotations

from typing import Any

import numpy as np


def summed_to(gradient: Any, like: Any) -> Any:
    """The right backward pass of broadcasting."""
    shape, gradient = np.shape(like), np.asarray(gradient)
    added = gradient.ndim - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


def averaged_to(gradient: Any, like: Any) -> Any:
    """An average over what broadcasting expanded."""
    return summed_to(gradient, like) * np.size(like) / np.size(gradient)


def added_axes_only(gradient: Any, like: Any) -> Any:
    """Axes that were stretched are not summed."""
    return np.sum(gradient, axis=tuple(range(np.ndim(gradient) - np.ndim(like))))


def stretched_axes_only(gradient: Any, like: Any) -> Any:
    """Axes that were added in front are not summed, and stay."""
    added = np.ndim(gradient) - np.ndim(like)
    return np.sum(gradient, axis=tuple(added + axis for axis, size in enumerate(np.shape(like)) if size == 1), keepdims=True)


def stretched_axes_from_the_front(gradient: Any, like: Any) -> Any:
    """Axes are counted from the front, although broadcasting aligns shapes at their ends."""
    return np.sum(gradient, axis=tuple(axis for axis, size in enumerate(np.shape(like)) if size == 1), keepdims=True)


def last_axes_for_added(gradient: Any, like: Any) -> Any:
    """As many axes are summed as were added, but at the wrong end."""
    added = np.ndim(gradient) - np.ndim(like)
    return stretched_axes_only(np.sum(gradient, axis=tuple(range(-added, 0))), like)


def added_axes_kept(gradient: Any, like: Any) -> Any:
    """Axes that were added are summed, and stay with length 1."""
    full = (1,) * (np.ndim(gradient) - np.ndim(like)) + np.shape(like)
    return summed_to(gradient, np.empty(full))


def stretched_axes_dropped(gradient: Any, like: Any) -> Any:
    """Axes that were stretched are summed, and do not stay."""
    full = (1,) * (np.ndim(gradient) - np.ndim(like)) + np.shape(like)
    stretched = tuple(axis for axis, (size, wanted) in enumerate(zip(np.shape(gradient), full, strict=True)) if size != wanted)
    return np.sum(gradient, axis=stretched)


def first_copy(gradient: Any, like: Any) -> Any:
    """Nothing is summed: the first of all copies counts."""
    gradient = np.asarray(gradient)
    for _ in range(gradient.ndim - np.ndim(like)):
        gradient = gradient[0]
    for axis, size in enumerate(np.shape(like)):
        gradient = gradient[(slice(None),) * axis + (slice(0, size),)]
    return gradient
