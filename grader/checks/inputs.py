"""Random inputs of the checks: never 'nice', so that no wrong formula coincides with the right one by accident."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

Maker = TypeVar("Maker", bound=Callable[..., list[Any]])
# A run has one seed; where seeds come and go, what is kept must not grow with them.
MOST_KEPT = 64
# Every rank, size-1 axes first and last, a batch of one, and a square, in which a transposition or a wrong axis keeps the shape. The first is
# what students have in mind; three axes come before fewer than two, so that code for one rank shows a wrong value before it raises.
SHAPES: tuple[tuple[int, ...], ...] = ((3, 4), (2, 3, 4), (4, 4), (5,), (), (1, 4), (3, 1), (1,))


def real(rng: np.random.Generator, shape: Sequence[int], scale: float = 1.5) -> Any:
    """Numbers of both signs: an array, or an np.float64 for the shape ()."""
    return number(scale * rng.standard_normal(tuple(shape)))


def positive(rng: np.random.Generator, shape: Sequence[int], spread: float = 1.1) -> Any:
    """Numbers between exp(-spread) and exp(spread), as many below 1 as above: an array, or an np.float64 for the shape ()."""
    return number(np.exp(rng.uniform(-spread, spread, tuple(shape))))


def drawn_once(cases: Maker) -> Maker:
    """For a function that draws cases: what a generator in the same state leads to is the same for every submission of a run, and drawn once.

    The generator is left as if it had drawn; the cases are to be read only.
    """
    kept: dict[Hashable, tuple[list[Any], Mapping[str, Any]]] = {}

    @wraps(cases)
    def draw(rng: np.random.Generator, *arguments: Hashable, **keywords: Hashable) -> list[Any]:
        key = (repr(rng.bit_generator.state), arguments, *keywords.items())
        if key not in kept:
            if len(kept) == MOST_KEPT:
                kept.clear()
            kept[key] = cases(rng, *arguments, **keywords), rng.bit_generator.state
        drawn, rng.bit_generator.state = kept[key]
        return list(drawn)

    return cast("Maker", draw)


def number(value: Any) -> Any:
    """A 0-d value as np.float64, everything else as an array of float64."""
    return np.asarray(value, dtype=np.float64)[()]
