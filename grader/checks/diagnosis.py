"""Which known mistake produced these values? Named only if it reproduces every one of them: all that came back, or one of several values throughout.

All wrong formulas of the function are evaluated on the inputs of all calls that were made, those with a right result included: a formula that
is wrong there, or raises there, is not the student's. Where several still coincide none is named, and no guess is made where none fits.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.checks.answers import Answer, Tolerance, Value, read
from grader.checks.misconceptions import TABLE, Misconception, of

# Single precision keeps 24 bits; a few operations lose a few of them.
SINGLE_PRECISION = Tolerance(1e-4, 1e-6)
IMPRECISE = Tolerance(1e-3, 1e-4)
FEWEST_ELEMENTS = 3


def diagnose(function: str, answers: Sequence[Answer], tolerance: Tolerance) -> Misconception | None:
    """The one known mistake that explains all answers, or None. Never raises."""
    seen = [answer for answer in answers if answer.got is not None]
    matching = [row for row in of(function) if all(_reproduces(row, answer, tolerance) for answer in seen)]
    if not matching:
        matching = _for_one_entry(function, seen, tolerance)
    if matching:
        return matching[0] if len(matching) == 1 else None
    return next((TABLE[name] for name, fits in GENERAL.items() if fits(seen)), None)


def _reproduces(row: Misconception, answer: Answer, tolerance: Tolerance) -> bool:
    value = _evaluated(row, answer)
    return value is not None and answer.got is not None and tolerance.agree(answer.got, value)


def _for_one_entry(function: str, answers: Sequence[Answer], tolerance: Tolerance) -> list[Misconception]:
    """Of a function with several mistakes: the rows that concern the first wrong one of the returned values alone, and reproduce it throughout."""
    count = len(answers[0].wanted.entries)
    if count == 1 or any(answer.got is None or len(answer.got.entries) != count for answer in answers):
        return []
    first = next(answer for answer in answers if not answer.right)
    wrong = (index for index in range(count) if first.got and not tolerance.same(first.got.entries[index], first.wanted.entries[index]))
    index = next(wrong, None)
    return [] if index is None else [row for row in of(function) if all(_reproduces_entry(row, answer, index, tolerance) for answer in answers)]


def _reproduces_entry(row: Misconception, answer: Answer, index: int, tolerance: Tolerance) -> bool:
    value = _evaluated(row, answer)
    if value is None or answer.got is None or len(value.entries) != len(answer.wanted.entries):
        return False
    expected = [*answer.wanted.entries[:index], answer.got.entries[index], *answer.wanted.entries[index + 1 :]]
    return all(map(tolerance.same, value.entries, expected))


def _evaluated(row: Misconception, answer: Answer) -> Value | None:
    """What a wrong formula makes of a call's arguments; None where it raises."""
    if row.formula is None:
        return None
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(answer.case.apply(row.formula), row.function, None if answer.wanted.single else len(answer.wanted.entries))
    except Exception:  # noqa: BLE001  # a wrong formula may raise anything; then it is not what the student wrote
        return None


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


def _imprecise(answers: Sequence[Answer]) -> bool:
    """Each value is nearly the wanted one."""
    return _enough(answers) and all(answer.got is not None and IMPRECISE.agree(answer.got, answer.wanted) for answer in answers)


def _constant(answers: Sequence[Answer]) -> bool:
    """Each entry is the same number in all calls, though other numbers were wanted."""
    returned = [answer.got.entries for answer in answers if answer.got is not None]
    if not _enough(answers) or len({len(entries) for entries in returned}) != 1:
        return False
    wanted = {number for answer in answers for entry in answer.wanted.entries for number in entry.ravel().tolist()}
    # The extremes are enough, and a set of all numbers would be one of millions where somebody returns a giant.
    extremes = [{float(end) for entry in entries if entry.size for end in (entry.min(), entry.max())} for entries in zip(*returned, strict=True)]
    return len(wanted) > len(extremes) and all(len(ends) == 1 for ends in extremes)


def _enough(answers: Sequence[Answer]) -> bool:
    return sum(entry.size for answer in answers for entry in answer.wanted.entries) >= FEWEST_ELEMENTS


GENERAL: Mapping[str, Callable[[Sequence[Answer]], bool]] = {
    "whole-numbers": _whole_numbers,
    "single-precision": _single_precision,
    "imprecise": _imprecise,
    "constant": _constant,
}
