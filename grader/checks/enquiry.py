"""Which argument does a student's function not use? Asked when its values fit no known mistake: the answer needs no formula, and is true of any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from grader.checks.answers import Answer, Array, Case, Tolerance
from grader.checks.misconceptions import ANY, TABLE, Misconception
from grader.checks.patterns import first_wrong_entry

# Keeps probabilities inside (0, 1) and scales positive, and changes every number but 0, also where it is rounded.
SHRUNK = 0.37
FEWEST_ELEMENTS = 2
Ask = Callable[[Sequence[Case]], Sequence[Answer]]


def unused_argument(answers: Sequence[Answer], ask: Ask, names: Sequence[str], entries: Sequence[str]) -> Misconception | None:
    """The argument that should decide about the first wrong one of the returned values, and does not.

    Args:
        answers: what the check asked already.
        ask: asks more of the function.
        names: of the function's arguments.
        entries: what the returned values are called, if they are several.
    """
    if any(answer.right for answer in answers):
        return None  # it is used somewhere
    first = next((answer for answer in answers if not answer.right and answer.got and answer.wanted.entries[0].size >= FEWEST_ELEMENTS), None)
    index = first_wrong_entry([first], Tolerance()) if first else None
    if first is None or index is None:
        return None
    places = [place for place, argument in enumerate(first.case.arguments) if isinstance(argument, (np.ndarray, float))]
    for place, answer in zip(places, ask([_changed(first.case, place) for place in places]), strict=False):
        if _ignores(first, answer, index):
            where = f"`{entries[index]}`" if entries else "the result"
            row = TABLE["argument-unused"]
            return Misconception(row.id, ANY, f"`{names[place]}` plays no part in {where}.", row.look)
    return None


def _changed(case: Case, place: int) -> Case:
    arguments = list(case.arguments)
    arguments[place] = arguments[place] * SHRUNK
    return replace(case, arguments=tuple(arguments))


def _ignores(before: Answer, after: Answer, index: int) -> bool:
    """The wanted value moved with the argument, the student's did not."""
    if before.got is None or after.got is None or len(after.got.entries) != len(before.got.entries):
        return False
    if len(np.unique(before.got.entries[index])) < FEWEST_ELEMENTS:  # one number everywhere may be 0 times whatever was not used
        return False
    return np.array_equal(before.got.entries[index], after.got.entries[index]) and not _same(
        before.wanted.entries[index], after.wanted.entries[index]
    )


def _same(one: Array, other: Array) -> bool:
    return Tolerance(1e-3).same(one, other)
