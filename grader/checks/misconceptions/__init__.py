"""The known mistakes, as data: one module an exercise, joined into one table.

A check that found a wrong value asks `grader.checks.diagnosis` which of these mistakes reproduces it. Whoever adds one writes a row here and a
folder in `tests/submissions/wrong/` that makes the mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.checks.misconceptions import (
    backward,
    encoder,
    encoder_kl,
    general,
    implicit,
    inverse_cdf,
    inverse_cdf_backward,
    kl,
    kl_gradients,
    reparameterize_class,
    sampler,
    total_gradient,
)
from grader.checks.misconceptions.record import ANY, Misconception
from grader.errors import UnitError

__all__ = ["ANY", "TABLE", "Misconception", "of", "pairs_of"]


MODULES = (
    general,
    sampler,
    backward,
    reparameterize_class,
    kl,
    kl_gradients,
    total_gradient,
    inverse_cdf,
    inverse_cdf_backward,
    encoder,
    encoder_kl,
    implicit,
)


def _joined() -> Mapping[str, Misconception]:
    table: dict[str, Misconception] = {}
    for module in MODULES:
        for misconception in module.MISCONCEPTIONS:
            if misconception.id in table:
                raise UnitError(f"{module.__file__}: {misconception.id!r} stands twice in the tables of misconceptions; rename one")
            table[misconception.id] = misconception
    return MappingProxyType(table)


TABLE: Mapping[str, Misconception] = _joined()


def of(function: str) -> tuple[Misconception, ...]:
    """The mistakes of one function that have a formula, in the order of the table."""
    return tuple(row for row in TABLE.values() if row.function == function and row.formulas)


def pairs_of(function: str) -> tuple[Misconception, ...]:
    """Two mistakes of one function at once, where students often make them together: one in the values, one in the shape."""
    return tuple(row for module in (backward, kl, total_gradient, encoder) for row in module.PAIRS if row.function == function)
