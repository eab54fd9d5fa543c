"""Ways to give a gradient in the shape of z the shape of a parameter that broadcasting expanded to it. One of them is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def _summed_over(gradient: Any, axes: Sequence[int], shape: Sequence[int]) -> Any:
    """Sums, one after the other, over those of the axes where the parameter has length 1 and the gradient has not."""
    for axis in axes:
        if shape[axis] == 1 != gradient.shape[axis]:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def last_axis_never(gradient: Any, like: Any) -> Any:
    """A loop over the axes ends too early: the last one is never summed."""
    shape, gradient = np.shape(like), np.asarray(gradient)
    return _summed_over(gradient.sum(axis=tuple(range(gradient.ndim - len(shape)))), range(len(shape) - 1), shape)


def one_added_axis_only(gradient: Any, like: Any) -> Any:
    """Of several axes that were added in front only the first is summed."""
    shape, gradient = np.shape(like), np.asarray(gradient)
    return _summed_over(gradient.sum(axis=0) if gradient.ndim > len(shape) else gradient, range(len(shape)), shape)


def numbers_averaged(gradient: Any, like: Any) -> Any:
    """A parameter that is a single number gets the average."""
    return np.mean(gradient) if np.ndim(like) == 0 else summed_to(gradient, like)


def numbers_only(gradient: Any, like: Any) -> Any:
    """Only a parameter that is a single number gets a sum."""
    return np.sum(gradient) if np.ndim(like) == 0 else gradient


def cut(gradient: Any, like: Any) -> Any:
    """As many numbers are taken as fit in, from the front, and the others are dropped."""
    return np.resize(gradient, np.shape(like))


def reshaped_and_summed(gradient: Any, like: Any) -> Any:
    """All copies are put behind one another, as if broadcasting had only added axes in front."""
    return np.reshape(gradient, (-1, *np.shape(like))).sum(axis=0)


def first_axis_where_shapes_differ(gradient: Any, like: Any) -> Any:
    """The first axis is summed wherever the shapes differ at all."""
    return gradient if np.shape(gradient) == np.shape(like) else np.sum(gradient, axis=0)


# Slug, what is wrong, and how: for each of the backward passes.
MORE: tuple[tuple[str, str, Callable[[Any, Any], Any]], ...] = (
    ("last-axis-never", "The last axis is never summed, though broadcasting may stretch it like any other.", last_axis_never),
    ("one-added-axis-only", "Of several axes that broadcasting added only one is summed.", one_added_axis_only),
    ("numbers-only", "Only a parameter that is a single number gets a sum; an array may be stretched as well.", numbers_only),
    ("cut", "The gradient is cut to the parameter's size: what does not fit in is dropped instead of summed.", cut),
    ("reshaped-and-summed", "Reshaping mixes the elements up where an axis was stretched.", reshaped_and_summed),
    ("last-axis-for-added", "Axes at the end are summed where broadcasting added axes in front.", last_axes_for_added),
    (
        "counts-axes-from-the-front",
        "Stretched axes are looked for from the front, and those that were added in front are not summed.",
        stretched_axes_from_the_front,
    ),
    ("first-axis-where-shapes-differ", "The first axis is summed wherever shapes differ, but it may be another one.", first_axis_where_shapes_differ),
)
