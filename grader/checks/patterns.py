"""Mistakes that any function may contain, recognised by how its values differ from the wanted ones. A table of tests, asked in turn.

They speak for all calls that were made: each of them is right, or off in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from grader.checks.answers import Answer, Array, Tolerance, Value

# Single precision keeps 24 bits; a few operations lose a few of them.
SINGLE_PRECISION = Tolerance(1e-4, 1e-6)
IMPRECISE = Tolerance(1e-3, 1e-4)
FEWEST_ELEMENTS = 3
DECIMAL_PLACES = range(1, 8)
# A factor is named only if it is one of those that formulas get wrong; any other is called "a constant factor".
FACTORS = {
    float(sign * Fraction(*pair)): sign * Fraction(*pair)
    for sign in (1, -1)
    for pair in ((2, 1), (1, 2), (4, 1), (1, 4), (3, 1), (1, 3), (3, 2), (2, 3))
}
POWERS_OF_TEN = tuple(sign * 10.0**power for sign in (1, -1) for power in (-3, -2, -1, 1, 2, 3))
Pair = tuple[Array, Array]


def recognise(answers: Sequence[Answer]) -> str | None:
    """The id of the first of the table's mistakes that fits the calls that returned something, or None."""
    return next((name for name, fits in GENERAL.items() if answers and fits(answers)), None)


# --- how many values, and how arranged --------------------------------------------------------------------------------------------------------


def _more_than_asked(answers: Sequence[Answer]) -> bool:
    """What is asked for came back among other values."""
    return all(any(Tolerance().agree(value, answer.wanted) for value in _among_more(answer)) for answer in answers)


def _among_more(answer: Answer) -> Iterator[Value]:
    entries, count = answer.got.entries if answer.got else (), len(answer.wanted.entries)
    if not answer.wanted.single:
        yield from [Value(entries[:count], single=False)] if len(entries) > count else []
    elif entries and entries[0].ndim > answer.wanted.entries[0].ndim:  # a tuple of arrays of one shape reads as one array
        yield from (Value((entry,), single=True) for entry in entries[0])


def _fewer_than_asked(answers: Sequence[Answer]) -> bool:
    """One of several values came back alone."""
    return all(
        answer.got is not None and not answer.wanted.single and any(_is_whole(answer.got.entries, entry) for entry in answer.wanted.entries)
        for answer in answers
    )


def _is_whole(got: Sequence[Array], wanted: Array) -> bool:
    """A single array whose first axis is as long as a tuple should be has been read as one."""
    if len(got) == 1:
        return Tolerance().same(got[0], wanted)
    return len({entry.shape for entry in got}) == 1 and Tolerance().same(np.stack(got), wanted)


def _packed(answers: Sequence[Answer]) -> bool:
    """The values were stacked along a last axis."""
    return all(answer.got is not None and not answer.wanted.single and _is_stacked(answer.got.entries, answer.wanted.entries) for answer in answers)


def _is_stacked(got: Sequence[Array], wanted: Sequence[Array]) -> bool:
    if len({entry.shape for entry in wanted}) != 1 or len({entry.shape for entry in got}) != 1:
        return False
    return Tolerance().same(got[0] if len(got) == 1 else np.stack(got), np.stack(wanted, axis=-1))


def _transposed(answers: Sequence[Answer]) -> bool:
    return _in_another_order(answers, lambda got, wanted: Tolerance().same(got.T, wanted))


def _rearranged(answers: Sequence[Answer]) -> bool:
    return _in_another_order(answers, lambda got, wanted: got.size == wanted.size and Tolerance().same(got.reshape(wanted.shape), wanted))


def _in_another_order(answers: Sequence[Answer], same: Callable[[Array, Array], bool]) -> bool:
    """Where a check demands more digits than is usual, values may be wrong that are the same in any order."""
    return _all_entries(answers, same) and not _all_entries(answers, Tolerance().same)


def _reduced(answers: Sequence[Answer]) -> bool:
    """Each value is the wanted one, summed or averaged over one and the same axis or over all; or is right where it has no axis."""
    if _all_entries(answers, Tolerance().same):
        return False
    with np.errstate(all="ignore"):
        return any(_all_entries(answers, partial(_is_reduced, change, axis)) for change in (np.sum, np.mean) for axis in (0, -1, None))


def _is_reduced(change: Callable[..., Any], axis: int | None, got: Array, wanted: Array) -> bool:
    if wanted.ndim == 0:
        return False
    return Tolerance().same(got, np.asarray(change(wanted, axis=axis))) or Tolerance().same(got, np.asarray(change(wanted, axis=axis, keepdims=True)))


def _all_entries(answers: Sequence[Answer], fits: Callable[[Array, Array], bool]) -> bool:
    return _enough(answers) and all(
        answer.got is not None
        and len(answer.got.entries) == len(answer.wanted.entries)
        and all(Tolerance().same(*pair) or fits(*pair) for pair in zip(answer.got.entries, answer.wanted.entries, strict=True))
        for answer in answers
    )


# --- what became of the numbers ---------------------------------------------------------------------------------------------------------------


def _whole_numbers(answers: Sequence[Answer]) -> bool:
    """Each value is the wanted one, cut or rounded."""
    return any(_changed_by(answers, cut) for cut in (np.trunc, np.floor, np.rint))


def _rounded(answers: Sequence[Answer]) -> bool:
    """Each value is the wanted one, rounded to some decimal place."""
    return any(_changed_by(answers, partial(np.round, decimals=places)) for places in DECIMAL_PLACES)


def _changed_by(answers: Sequence[Answer], change: Callable[[Array], Any]) -> bool:
    return _enough(answers) and all(
        answer.got is not None and Tolerance().agree(answer.got, Value(tuple(map(change, answer.wanted.entries)), answer.wanted.single))
        for answer in answers
    )


def _single_precision(answers: Sequence[Answer]) -> bool:
    """Each value is nearly the wanted one, and a number that single precision can hold."""
    return _enough(answers) and all(_is_single(answer) for answer in answers)


def _is_single(answer: Answer) -> bool:
    if answer.got is None or not SINGLE_PRECISION.agree(answer.got, answer.wanted):
        return False
    with np.errstate(all="ignore"):
        return all(bool(np.all(entry.astype(np.float32).astype(np.float64) == entry)) for entry in answer.got.entries)


def _imprecise(answers: Sequence[Answer]) -> bool:
    """Each value is nearly the wanted one, and an element of ordinary size decides what is near to one that happens to be tiny."""
    return _enough(answers) and all(answer.got is not None and _is_near(answer.got, answer.wanted) for answer in answers)


def _is_near(got: Value, wanted: Value) -> bool:
    if len(got.entries) != len(wanted.entries) or got.single != wanted.single:
        return False
    return all(map(near, got.entries, wanted.entries))


def near(got: Array, wanted: Array) -> bool:
    """Three digits are right."""
    size = min(1.0, float(np.median(np.abs(wanted))))
    return Tolerance(IMPRECISE.relative, max(IMPRECISE.absolute, IMPRECISE.relative * size)).same(got, wanted)


def _constant(answers: Sequence[Answer]) -> bool:
    """Each entry is the same number in all calls, though other numbers were wanted."""
    returned = [answer.got.entries for answer in answers if answer.got is not None]
    if not _enough(answers) or len({len(entries) for entries in returned}) != 1:
        return False
    wanted = {number for answer in answers for entry in answer.wanted.entries for number in entry.ravel().tolist()}
    # The extremes are enough, and a set of all numbers would be one of millions where somebody returns a giant.
    extremes = [{float(end) for entry in entries if entry.size for end in (entry.min(), entry.max())} for entries in zip(*returned, strict=True)]
    return len(wanted) > len(extremes) and all(len(ends) == 1 for ends in extremes)


def _clipped(answers: Sequence[Answer]) -> bool:
    """Each value is the wanted one, but for those beyond a bound, which have its value."""
    return any(pair is not None and _is_clipped(*pair) for pair in (_first_wrong(answers), _everything(answers)))


def _is_clipped(got: Array, wanted: Array) -> bool:
    wrong = ~Tolerance().close(got, wanted)
    bounded = np.clip(wanted, np.min(got), np.max(got))
    inside = np.unique(got[~wrong & (got > np.min(got)) & (got < np.max(got))]).size  # whatever is right has to be more than a constant
    return bool(np.sum(wrong) >= FEWEST_ELEMENTS and inside >= FEWEST_ELEMENTS and np.all(Tolerance().close(got, bounded)))


def _sign(answers: Sequence[Answer]) -> bool:
    pair = _first_wrong(answers)
    return pair is not None and Tolerance().same(-pair[0], pair[1])


def _sign_lost(answers: Sequence[Answer]) -> bool:
    """The sizes of the wanted values, which have both signs, with one sign."""
    pair = _first_wrong(answers)
    if pair is None or len(set(np.sign(pair[1]).tolist()) - {0.0}) == 1:
        return False
    return Tolerance().same(pair[0], np.abs(pair[1])) or Tolerance().same(-pair[0], np.abs(pair[1]))


def _factor(answers: Sequence[Answer]) -> bool:
    pair = _first_wrong(answers)
    return pair is not None and any(Tolerance().same(pair[0], factor * pair[1]) for factor in (*FACTORS, *POWERS_OF_TEN))


def _offset(answers: Sequence[Answer]) -> bool:
    pair = _first_wrong(answers)
    if pair is None:
        return False
    offsets = pair[0] - pair[1]
    return bool(np.allclose(offsets, offsets[0], rtol=1e-8, atol=1e-9)) and not np.allclose(pair[0], pair[0][0])


def _first_wrong(answers: Sequence[Answer]) -> Pair | None:
    """All numbers of the first wrong one of the values, and the wanted ones; None where shapes differ, or numbers are too few or not finite."""
    index = first_wrong_entry(answers, Tolerance())
    if index is None or not _enough(answers):
        return None
    pairs = [(answer.got.entries[index], answer.wanted.entries[index]) for answer in answers if answer.got is not None]
    return _joined(pairs)


def _joined(pairs: Sequence[Pair]) -> Pair | None:
    if any(got.shape != wanted.shape for got, wanted in pairs):
        return None
    got, wanted = (np.concatenate([np.ravel(side) for side in sides]) for sides in zip(*pairs, strict=True))
    return (got, wanted) if np.all(np.isfinite(got)) and np.all(np.isfinite(wanted)) and got.size >= FEWEST_ELEMENTS else None


def _everything(answers: Sequence[Answer]) -> Pair | None:
    """The same of all values together."""
    pairs = [pair for answer in answers if answer.got for pair in zip(answer.got.entries, answer.wanted.entries, strict=False)]
    return _joined(pairs) if first_wrong_entry(answers, Tolerance()) is not None else None


def first_wrong_entry(answers: Sequence[Answer], tolerance: Tolerance) -> int | None:
    """Which of the returned values is the first wrong one; None if none is, or if their number is wrong or not always the same."""
    counts = {len(value.entries) if value else 0 for answer in answers for value in (answer.got, answer.wanted)}
    if len(counts) != 1:
        return None
    first = next((answer for answer in answers if not answer.right), None)
    if first is None or first.got is None:
        return None
    pairs = zip(first.got.entries, first.wanted.entries, strict=True)
    return next((index for index, pair in enumerate(pairs) if not tolerance.same(*pair)), None)


def _enough(answers: Sequence[Answer]) -> bool:
    return sum(entry.size for answer in answers for entry in answer.wanted.entries) >= FEWEST_ELEMENTS


GENERAL: Mapping[str, Callable[[Sequence[Answer]], bool]] = {
    "more-than-asked": _more_than_asked,
    "fewer-than-asked": _fewer_than_asked,
    "packed": _packed,
    "transposed": _transposed,
    "rearranged": _rearranged,
    "reduced": _reduced,
    "whole-numbers": _whole_numbers,
    "rounded": _rounded,
    "single-precision": _single_precision,
    "clipped": _clipped,
    "imprecise": _imprecise,
    "constant": _constant,
    "sign": _sign,
    "sign-lost": _sign_lost,
    "constant-factor": _factor,
    "constant-offset": _offset,
}
