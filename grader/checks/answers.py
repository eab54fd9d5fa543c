"""What a check compares: one call of a student's function, what came back, and what should have.

A value is a tuple of arrays, its entries, whether the function returns one array or several; `Value.single` tells which.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.observation import CheckFailed, Probe, Refused, Request, StudentFault, Tensor, TensorValue

Array = NDArray[Any]
MOST_ELEMENTS = 1 << 21
# What is said where nothing more is known.
BARE = "The value is not what the handout asks for."


@dataclass(frozen=True, slots=True)
class Case:
    """One call. `arguments` and `keywords` go to the student's function.

    `stand_ins` are the positional arguments for the reference and for the wrong formulas, where those cannot be the same: where a recipe such
    as a `Probe` stands among them.
    """

    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    stand_ins: tuple[Any, ...] | None = None
    _applied: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def apply(self, formula: Callable[..., Any]) -> Any:
        """Call the reference or a wrong formula. They get copies, so that nothing they do can reach the arguments."""
        arguments = self.arguments if self.stand_ins is None else self.stand_ins
        return formula(*(argument.copy() if isinstance(argument, np.ndarray) else argument for argument in arguments), **self.keywords)

    def asked(self, request: Callable[[Case], Request]) -> Request:
        """The request for the student, made once for all of them."""
        if request not in self._applied:
            self._applied[request] = request(self)
        made: Request = self._applied[request]
        return made

    def applied(self, reference: Callable[..., Any]) -> Any:
        """What `apply` gives for a reference. A case that many submissions are put to keeps it; a partial of a function is told by its parts."""
        key = (reference.func, reference.args) if isinstance(reference, partial) else reference
        if key not in self._applied:
            self._applied[key] = self.apply(reference)
        return self._applied[key]


Cases = Sequence[Case | tuple[Any, ...]]


def as_case(case: Case | tuple[Any, ...]) -> Case:
    """A plain tuple of arguments is a case without keywords."""
    return case if isinstance(case, Case) else Case(case)


@dataclass(frozen=True, slots=True)
class Value:
    """What a function returned, as arrays."""

    entries: tuple[Array, ...]
    single: bool


@dataclass(frozen=True, slots=True)
class Tolerance:
    """|got - wanted| <= absolute + relative * |wanted|."""

    relative: float = 1e-7
    absolute: float = 1e-12

    def close(self, got: Array, wanted: Array) -> Array:
        """Element-wise; arrays of equal shapes. Infinities and NaN equal themselves, so that a wrong formula can be recognised by them."""
        with np.errstate(all="ignore"):
            return np.asarray(np.isclose(got, wanted, rtol=self.relative, atol=self.absolute, equal_nan=True))

    def agree(self, got: Value, wanted: Value) -> bool:
        """Same number of entries, same shapes, all elements close."""
        return len(got.entries) == len(wanted.entries) and got.single == wanted.single and all(map(self.same, got.entries, wanted.entries))

    def same(self, got: Array, wanted: Array) -> bool:
        """Same shape, all elements close."""
        if got.shape != wanted.shape:
            return False
        with np.errstate(all="ignore"):
            difference = np.abs(got - wanted)
            # The usual case at a third of the cost; infinities and NaN, for which no difference is that small, are looked at one by one.
            if np.all(difference <= self.absolute + self.relative * np.abs(wanted)) and np.all(difference < np.inf):
                return True
        return bool(np.all(self.close(got, wanted)))


@dataclass(frozen=True, slots=True)
class Answer:
    """One call with its outcome. `got` is None where there was no value to judge; `problem` says why."""

    case: Case
    got: Value | None
    wanted: Value
    right: bool
    problem: CheckFailed | StudentFault | None = None


def as_array(value: Any, what: str) -> Array:
    """A returned value as an array of float64, float32 or int64.

    Args:
        value: from an `Observation`: an array, a number, nested lists and tuples of them, a `TensorValue`, `Refused`, None.
        what: how the message calls it, such as "`kl_gradient`" or "grad_mu of `kl_gradient`".

    Raises:
        CheckFailed: it is no number and no array of numbers.
    """
    if isinstance(value, TensorValue):
        return value.value
    if value is None:
        raise CheckFailed(f"{what} is None where numbers are needed.")
    if isinstance(value, Refused):
        raise CheckFailed(f"{what} is {value.description}, not numbers. Return arrays of floats.", "not-numbers")
    if isinstance(value, (list, tuple)):
        if (array := _at_once(value)) is not None:
            return array
        items = [as_array(item, what) for item in value]
        if len({item.shape for item in items}) > 1:
            raise CheckFailed(f"{what} is a {type(value).__name__} of pieces of different shapes, {_shapes(items)}, where one array is needed.")
        if items and _is_giant((len(items), *items[0].shape)):
            raise CheckFailed(f"{what} is far too large.")
        return np.stack(items) if items else np.empty(0)
    return np.asarray(value)


def _at_once(value: Sequence[Any]) -> Array | None:
    """Nested lists of numbers as NumPy reads them, which is a hundred times faster than piece by piece; None where there is more to say."""
    try:
        array = np.array(value)
    except ValueError:
        return None
    return None if _is_giant(array.shape) or array.dtype.kind not in "fi" else array


def _is_giant(shape: tuple[int, ...]) -> bool:
    """An axis of length 0 makes an array empty, but only until somebody sums over it."""
    return math.prod(max(size, 1) for size in shape) > MOST_ELEMENTS


def read(value: Any, function: str, entries: int | None) -> Value:
    """What a function returned as a `Value`.

    Args:
        value: from an `Observation`, or what a reference returned.
        function: the function's name, for the message.
        entries: how many arrays are asked for; None where a single one is. An array whose first axis is that long unpacks just as a tuple does.

    Raises:
        CheckFailed: nothing was returned, or something that is no number.
    """
    if value is None:
        raise CheckFailed(f"`{function}` returned nothing (None). Is a `return` missing, or is the result printed instead?", "no-return")
    if entries is None:
        return Value((as_array(value, f"What `{function}` returned"),), single=True)
    if isinstance(value, (np.ndarray, TensorValue)):
        array = as_array(value, f"What `{function}` returned")
        return Value(tuple(array), single=False) if array.ndim and len(array) == entries else Value((array,), single=True)
    if not isinstance(value, (tuple, list)):
        return Value((as_array(value, f"What `{function}` returned"),), single=True)
    return Value(tuple(as_array(item, f"Entry {index} of what `{function}` returned") for index, item in enumerate(value, 1)), single=False)


def called(function: str, case: Case, reference: Callable[..., Any]) -> str:
    """How a message speaks of a call: the shapes of the arguments, never their values."""
    names = list(inspect.signature(reference).parameters)
    shapes = {name: shape for name, argument in zip(names, case.arguments, strict=False) if (shape := _shape(argument)) is not None}
    keywords = "".join(f", {name}=…" for name in case.keywords)
    if not shapes:
        return f"`{function}`"
    if len(shapes) > 1 and len(set(shapes.values())) == 1:
        return f"`{function}`, called with arguments of shape {next(iter(shapes.values()))}{keywords}"
    return f"`{function}`, called with {', '.join(f'{name} {shape}' for name, shape in shapes.items())}{keywords}"


def _shape(argument: Any) -> str | None:
    if isinstance(argument, Tensor):
        argument = argument.value
    if isinstance(argument, (float, int, np.ndarray)):
        return str(np.shape(argument))
    if isinstance(argument, tuple) and argument and all(isinstance(item, (float, int, np.ndarray)) for item in argument):
        return "of shapes " + ", ".join(str(np.shape(item)) for item in argument)
    return argument.name if isinstance(argument, Probe) else None


def _shapes(arrays: Sequence[Array]) -> str:
    return " and ".join(dict.fromkeys(str(array.shape) for array in arrays))
