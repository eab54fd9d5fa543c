"""One row of the tables of known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Misconception:
    """A mistake that students make, and how to speak about it.

    `function` is the function of the catalogue it belongs to; the general mistakes, which any function may contain, carry ANY. `says` names the
    mistake in one sentence without giving the answer away; `look` says where to look. `formula` computes what the mistake makes of a function's
    arguments, `also` are other ways to make it; a mistake without any is named by the check that finds it.
    """

    id: str
    function: str
    says: str
    look: str
    formula: Callable[..., Any] | None = None
    also: tuple[Callable[..., Any], ...] = ()

    @property
    def formulas(self) -> tuple[Callable[..., Any], ...]:
        """All ways to make the mistake."""
        return self.also if self.formula is None else (self.formula, *self.also)

    def and_also(self, other: Misconception, formula: Callable[..., Any]) -> Misconception:
        """Both mistakes at once, told as this one."""
        return Misconception(self.id, self.function, f"{self.says} {other.says}", self.look, formula)


ANY = "any"
