"""Which known mistake produced these values? Named only if it reproduces every one of them: all that came back, or one of several values throughout.

All wrong formulas of the function are evaluated on the inputs of all calls that were made, those with a right result included: a formula that
is wrong there, or raises there, is not the student's. Where several still coincide none is named, and no guess is made where none fits.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks.answers import Answer, Array, Tolerance, Value, read
from grader.checks.misconceptions import TABLE, Misconception, of, pairs_of
from grader.checks.patterns import IMPRECISE, first_wrong_entry, recognise

# So many different shapes make a coincidence unlikely, and a check worth a diagnosis of its own.
FEWEST_SHAPES = 3
# So many wrong elements do not meet a wrong formula by chance.
FEWEST_ELEMENTS = 4
Formula = Callable[..., Any]
Same = Callable[[Array, Array], bool]


def diagnose(function: str, answers: Sequence[Answer], tolerance: Tolerance) -> Misconception | None:
    """The one known mistake that explains all answers, or None. Never raises."""
    seen = [answer for answer in answers if answer.got is not None]
    if not any(np.any(np.isfinite(entry)) for answer in seen if answer.got for entry in answer.got.entries):
        return None  # NaN everywhere has many causes
    for rows in (of(function), pairs_of(function)):
        matching = _matching(rows, seen, tolerance)
        if matching:
            return matching[0] if len({row.id for row in matching}) == 1 else None
    name = recognise(seen)
    return TABLE[name] if name else _in_places(of(function), seen, tolerance)


def diagnose_values(function: str, answers: Sequence[Answer], tolerance: Tolerance) -> Misconception | None:
    """The one wrong formula that explains the calls of a check by themselves, whatever is wrong besides in other calls; None if they are too few."""
    seen = [answer for answer in answers if answer.got is not None]
    if len({answer.wanted.entries[0].shape for answer in seen}) < FEWEST_SHAPES:
        return None
    matching = _matching(of(function), seen, tolerance)
    name = recognise(seen)
    if not matching and name:
        return TABLE[name]
    return matching[0] if len({row.id for row in matching}) == 1 else None


def _matching(rows: Sequence[Misconception], answers: Sequence[Answer], tolerance: Tolerance) -> list[Misconception]:
    """The rows that reproduce all answers; if none does those that would but for an axis that broadcasting lost, and then those for one entry."""
    return (
        [row for row in rows if _explains(row, answers, tolerance.same)]
        or [row for row in rows if _explains(row, answers, partial(_same_but_for_broadcasting, tolerance), shape_may_differ=True)]
        or _for_one_entry(rows, answers, tolerance)
    )


def _explains(row: Misconception, answers: Sequence[Answer], same: Same, *, shape_may_differ: bool = False) -> bool:
    return any(
        all(_reproduces(row, formula, answer, same) for answer in answers) and not (shape_may_differ and _is_right(row, formula, answers))
        for formula in row.formulas
    )


def _is_right(row: Misconception, formula: Formula, answers: Sequence[Answer]) -> bool:
    """Are a wrong formula's numbers as good as right for these calls? Then only the shape was wrong."""
    values = [(_evaluated(row, formula, answer), answer.wanted) for answer in answers]
    return all(value is not None and IMPRECISE.agree(value, wanted) for value, wanted in values)


def _reproduces(row: Misconception, formula: Formula, answer: Answer, same: Same) -> bool:
    value = _evaluated(row, formula, answer)
    if value is None or answer.got is None or value.single != answer.got.single or len(value.entries) != len(answer.got.entries):
        return False
    return all(map(same, answer.got.entries, value.entries))


def _same_but_for_broadcasting(tolerance: Tolerance, got: Array, value: Array) -> bool:
    """An argument that plays no part in the values plays none in their shape either; a formula of the table keeps the shape."""
    if got.ndim > value.ndim or any(mine not in (1, theirs) for mine, theirs in zip(got.shape[::-1], value.shape[::-1], strict=False)):
        return False
    return tolerance.same(np.broadcast_to(got, value.shape), value)


def _for_one_entry(rows: Sequence[Misconception], answers: Sequence[Answer], tolerance: Tolerance) -> list[Misconception]:
    """Of a function with several mistakes: the rows that concern the first wrong one of the returned values alone, and reproduce it throughout."""
    index = first_wrong_entry(answers, tolerance)
    if index is None or len(answers[0].wanted.entries) == 1:
        return []
    return [
        row for row in rows if any(all(_reproduces_entry(row, formula, answer, index, tolerance) for answer in answers) for formula in row.formulas)
    ]


def _reproduces_entry(row: Misconception, formula: Formula, answer: Answer, index: int, tolerance: Tolerance) -> bool:
    value = _evaluated(row, formula, answer)
    if value is None or answer.got is None or len(value.entries) != len(answer.wanted.entries):
        return False
    expected = [*answer.wanted.entries[:index], answer.got.entries[index], *answer.wanted.entries[index + 1 :]]
    return all(map(tolerance.same, value.entries, expected))


def _in_places(rows: Sequence[Misconception], answers: Sequence[Answer], tolerance: Tolerance) -> Misconception | None:
    """The one mistake that explains every wrong element where others are right: it is made in one branch of the code."""
    index = first_wrong_entry(answers, tolerance)
    if index is None:
        return None
    pairs = [(answer.got.entries[index], answer.wanted.entries[index]) for answer in answers if answer.got]
    if any(got.shape != wanted.shape for got, wanted in pairs) or all(tolerance.same(np.abs(got), np.abs(wanted)) for got, wanted in pairs):
        return None  # an `abs` looks like many mistakes in half of its values
    wrong = sum(int(np.sum(~tolerance.close(*pair))) for pair in pairs)
    if not FEWEST_ELEMENTS <= wrong < sum(wanted.size for _, wanted in pairs):
        return None
    matching = [row for row in rows if any(all(_patches(row, formula, answer, tolerance) for answer in answers) for formula in row.formulas)]
    if len({row.id for row in matching}) != 1:
        return None
    row = matching[0]
    return replace(row, says=f"Where it is wrong: {row.says[0].lower()}{row.says[1:]}")


def _patches(row: Misconception, formula: Formula, answer: Answer, tolerance: Tolerance) -> bool:
    """Is each element either the right one or the wrong formula's?"""
    value = _evaluated(row, formula, answer)
    if value is None or answer.got is None or len(value.entries) != len(answer.got.entries):
        return False
    triples = list(zip(answer.got.entries, answer.wanted.entries, value.entries, strict=True))
    if any(mine.shape != got.shape for got, _, mine in triples):
        return False
    return all(bool(np.all(tolerance.close(got, wanted) | tolerance.close(got, mine))) for got, wanted, mine in triples)


def _evaluated(row: Misconception, formula: Formula, answer: Answer) -> Value | None:
    """What a wrong formula makes of a call's arguments; None where it raises."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(answer.case.apply(formula), row.function, None if answer.wanted.single else len(answer.wanted.entries))
    except Exception:  # noqa: BLE001  # a wrong formula may raise anything; then it is not what the student wrote
        return None
