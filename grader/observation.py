"""What a hidden check may ask of a student's function, and what it gets to see.

The checks speak this language, the sandbox answers it, and neither knows the other. A check hands over plain data and the recipes below (a
student's process never receives a live object of the grader's); it gets plain data back, or a `StudentFault` that already is the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from grader.model import Outcome, Picture


@dataclass(frozen=True, slots=True)
class Rng:
    """Recipe for an `np.random.Generator`, built in the sandbox for one request.

    `zeros` makes the first that many `random()` draws return exactly 0.0, which is legal though rare. PCG64 can be set up for at most one,
    MT19937 for up to 312. `largest` makes the first one return the largest number below 1 (PCG64 alone).
    """

    seed: int
    bit_generator: Literal["PCG64", "MT19937"] = "PCG64"
    zeros: int = 0
    largest: bool = False


@dataclass(frozen=True, slots=True)
class TorchGenerator:
    """Recipe for a CPU `torch.Generator` seeded with `seed`."""

    seed: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """Recipe for a CPU torch tensor with the array's dtype and shape."""

    value: NDArray[Any]
    requires_grad: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """Recipe for a callable argument: the name of one of the functions in `grader/sandbox/probes.py`. None of them is an answer."""

    name: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Call:
    """Call a function `repeat` times in a row (at least once) with the same argument objects: one generator goes on from draw to draw.

    Arguments are arrays (float64, float32, int64), np.float64, Python numbers, tuples and lists of them, and the recipes above; so are `keywords`.
    `afterwards`: tell what became of the arguments and of the global random states, which costs more than most calls. `seed` seeds NumPy's,
    torch's and Python's global generators before the first call; without one they go on from the request before.
    """

    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    repeat: int = 1
    afterwards: bool = False
    seed: int | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Pull:
    """Call a torch function (or an `autograd.Function` class through torch's own `apply`) and pull every cotangent back.

    `Tensor` arguments with `requires_grad` are the differentiable ones. `meanwhile`: arguments of another call, made before anything is pulled back.
    """

    arguments: tuple[Any, ...]
    cotangents: tuple[NDArray[Any], ...]
    meanwhile: tuple[Any, ...] = ()


Request = Call | Pull


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands where a student's function returned something that is no number: a string, an object array, a generator."""

    description: str


@dataclass(frozen=True, slots=True)
class TensorValue:
    """A torch tensor a student's torch function returned. `dtype` as in 'float32'; `has_graph`: it requires grad."""

    value: NDArray[Any]
    dtype: str
    has_graph: bool


@dataclass(frozen=True, slots=True)
class Observation:
    """One request's answer.

    `values` holds one return value a repetition: an array (np.float64 and torch tensors arrive as arrays too), a Python float or int,
    a list or tuple of those, a `TensorValue` where tensors were asked for, None, or `Refused`. `arguments` are the positional
    arguments as they were after the last call, None for one that is what it was (recipes other than `Tensor` are never looked at). `touched` names
    global random states that the call changed: 'numpy', 'torch', 'python'. Both are empty unless asked for.
    """

    values: tuple[Any, ...]
    arguments: tuple[Any, ...]
    touched: frozenset[str]

    @property
    def value(self) -> Any:
        """What the first (usually the only) call returned."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class GradientObservation:
    """A torch function's value and its gradients.

    `gradients[k][i]` is the gradient of sum(cotangent_k * value) for the i-th differentiable argument: an array, or None where no path leads
    from the value to that argument. For an `autograd.Function` the tuple is what its `backward` returned for all of forward's arguments.
    `overridden`: names of torch's own machinery that the class replaced (such as 'apply'). `cotangents`: what became of those that an
    `autograd.Function` got; of each one, unless its `backward` was not called.
    """

    value: TensorValue | Any
    gradients: tuple[tuple[Any, ...], ...]
    arguments: tuple[Any, ...]
    overridden: frozenset[str] = frozenset()
    cotangents: tuple[Any, ...] = ()


class StudentFault(Exception):
    """The student's code gave no value to judge: the outcome says why, the message is for the student; `misconception` as in `CheckFailed`."""

    def __init__(self, outcome: Outcome, message: str, misconception: str | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message
        self.misconception = misconception


class CheckFailed(Exception):
    """A value was there and is wrong. The message is for the student; `misconception` is an id of the table, or None; a picture may explain it."""

    def __init__(self, message: str, misconception: str | None = None, picture: Picture | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.misconception = misconception
        self.picture = picture


class Student(Protocol):
    """The fixture `student` of a hidden check: the only way to a student's code."""

    def call(self, function: str, *arguments: Any, repeat: int = 1, keywords: Mapping[str, Any] | None = None, seed: int = 0) -> Observation:
        """One `Call`.

        Args:
            function: a function of the catalogue; its exercise is loaded when first needed.
            arguments: see `Call`.
            repeat: see `Call`.
            keywords: see `Call`.
            seed: see `Call`.

        Raises:
            StudentFault: missing, not implemented, an exception, a time-out, a death, a forbidden call.
        """
        ...

    def renew(self) -> None:
        """What follows is asked of a process that has seen nothing of what was asked before."""
        ...

    def each(self, function: str, requests: Sequence[Request]) -> list[Any]:
        """Several requests in one go, which is cheaper than one by one. The global generators are seeded with 0 before the first.

        Returns:
            One entry a request, an observation or the `StudentFault` it ended in. After a fault that leaves nobody to ask (a time-out, a death)
            the list ends; it has at least one entry.
        """
        ...
