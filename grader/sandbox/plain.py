"""Turns whatever a student's function returned into plain data, inside the sandbox, where a lying object can hurt nobody but its author.

The contract (section 2): anything that `np.asarray` turns into a float or integer array; tuples and lists where asked for; never strings, bool,
complex, Decimal or object arrays. What has no place becomes a `Tagged("refused", description)`, which a check reports as a wrong value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.sandbox.wire import INTEGER_LIMIT, Tagged, fits

MAXIMUM_ITEMS = 40_000  # the largest result that is asked for has 32,400 numbers
DEEPEST = 8
KINDS = {"f": np.float64, "i": np.int64, "u": np.int64}
# Further types of values, and what makes plain data of one; the flag is the `tensors` of `plain`. A worker with torch adds its tensors.
OTHER_TYPES: list[tuple[type, Callable[[Any, bool], Any]]] = []


def plain(value: Any, *, tensors: bool = False) -> Any:
    """Plain data for the wire.

    Args:
        value: what the student's function returned.
        tensors: tell tensors from arrays, with dtype and whether a graph hangs on them (`Tagged("tensor", (array, dtype, has_graph))`).
    """
    return _Converter(tensors).convert(value, 0)


def bundled(values: list[Any]) -> Any:
    """Tensors that have dtype, shape and graph in common as one `Tagged("tensors", (arrays, dtype, has_graph))`; other values as they are."""
    if not values or not all(isinstance(value, Tagged) and value.kind == "tensor" for value in values):
        return values
    arrays, dtypes, graphs = zip(*(value.value for value in values), strict=True)
    alike = len({*dtypes}) == len({*graphs}) == len({array.shape for array in arrays}) == 1
    return Tagged("tensors", (list(arrays), dtypes[0], graphs[0])) if alike else values


def refused(description: str) -> Tagged:
    """Stands for a value that is no number."""
    return Tagged("refused", description[:200])


class _Converter:
    def __init__(self, tensors: bool) -> None:
        self.tensors = tensors
        self.items = 0

    def convert(self, value: Any, depth: int) -> Any:
        self.items += 1
        if depth > DEEPEST or self.items > MAXIMUM_ITEMS:
            return refused("a list nested too deeply or far too long")
        if value is None or type(value) is float:
            return value
        if isinstance(value, (bool, np.bool_, str, bytes, complex)):
            return refused(f"a value of type {_name(value)}")
        if isinstance(value, (float, int)) and not isinstance(value, np.generic):
            return _number(value)
        for kind, convert in OTHER_TYPES:
            if isinstance(value, kind):
                return convert(value, self.tensors)
        if isinstance(value, (np.ndarray, np.generic)):
            return plain_array(value)
        if isinstance(value, (tuple, list)):
            # The base classes' own iterators: a subclass's may lie or never end.
            iterator = tuple.__iter__(value) if isinstance(value, tuple) else list.__iter__(value)
            items = [self.convert(item, depth + 1) for item in iterator]
            return tuple(items) if isinstance(value, tuple) else items
        return plain_array(value)


def _number(value: float) -> Any:
    if isinstance(value, float):
        return float.__float__(value)
    return int.__int__(value) if -INTEGER_LIMIT <= int.__int__(value) < INTEGER_LIMIT else refused("an integer beyond 64 bits")


def plain_array(value: Any) -> Any:
    """A copy as an ordinary array of float64, float32 or int64. Size is checked before copying: zero strides make giants of a few bytes."""
    array = np.asarray(value)
    if not fits(array.shape):
        return refused("an array far too large")
    if array.dtype.kind not in KINDS:
        return refused(f"a value of type {_name(value)}" if array.dtype == object else f"an array of dtype {array.dtype}")
    if array.dtype == np.uint64 and array.size and array.max() >= INTEGER_LIMIT:
        return refused("an integer beyond 64 bits")
    dtype = np.float32 if array.dtype == np.float32 else KINDS[array.dtype.kind]
    return np.array(array, dtype=dtype, subok=False, order="C")


def _name(value: Any) -> str:
    return str(type(value).__name__)
