"""Which known mistake produced these values? Named only if it reproduces every one of them.

All wrong formulas of the function are evaluated on the inputs of all calls that were made, those with a right result included: a formula that
is wrong there, or raises there, is not the student's. Where several still coincide none is named, and no guess is made where none fits.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from grader.checks.answers import Answer, Tolerance, Value, read
from grader.checks.misconceptions import TABLE, Misconception, of

# Single precision keeps 24 bits; a few operations lose a few of them.
SINGLE_PRECISION = Tolerance(1e-4, 1e-6)
FEWEST_ELEMENTS = 3


def diagnose(function: str, answers: Sequence[Answer], tolerance: Tolerance) -> Misconception | None:
    """The one known mistake that explains all answers, or None. Never raises."""
    seen = [answer for answer in answers if answer.got is not None]
    matching = [row for row in of(function) if all(_reproduces(row, answer, tolerance) for answer in seen)]
    if matching:
        return matching[0] if len(matching) == 1 else None
    return next((TABLE[name] for name, fits in (("whole-numbers", _whole_numbers), ("single-precision", _single_precision)) if fits(seen)), None)


def _reproduces(row: Misconception, answer: Answer, tolerance: Tolerance) -> bool:
    formula = row.formula
    if formula is None or answer.got is None:
        return False
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = read(answer.case.apply(formula), row.function, None if answer.wanted.single else len(answer.wanted.entries))
    except Exception:  # noqa: BLE001  # a wrong formula may raise anything; then it is not what the student wrote
        return False
    return tolerance.agree(answer.got, value)


def _whole_numbers(answers: Sequence[Answer]) -> bool:
    """Each value is the wanted one, cut or rounded."""
    cuts = (np.trunc, np.floor, np.rint)
    return _enough(answers) and any(
        all(_fits(answer, Value(tuple(map(cut, answer.wanted.entries)), answer.wanted.single)) for answer in answers) for cut in cuts
    )


def _fits(answer: Answer, value: Value) -> bool:
    return answer.got is not None and Tolerance().agree(answer.got, value)


def _single_precision(answers: Sequence[Answer]) -> bool:
    """Each value is nearly the wanted one, and a number that single precision can hold."""
    return _enough(answers) and all(_is_single(answer) for answer in answers)


def _is_single(answer: Answer) -> bool:
    if answer.got is None or not SINGLE_PRECISION.agree(answer.got, answer.wanted):
        return False
    with np.errstate(all="ignore"):
        return all(bool(np.all(entry.astype(np.float32).astype(np.float64) == entry)) for entry in answer.got.entries)


def _enough(answers: Sequence[Answer]) -> bool:
    return sum(entry.size for answer in answers for entry in answer.wanted.entries) >= FEWEST_ELEMENTS
