"""What kind of difference is it? A table of detectors, asked in turn; the first that recognises the pattern says the sentence.

Sentences speak of kinds, shapes and simple factors; never of an input or of an expected value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from grader.checks.answers import Answer, Tolerance
from grader.checks.patterns import FACTORS, Pair, near

Detector = Callable[[Sequence[Pair], Tolerance], str | None]
COUNTS = {1: "one value", 2: "a pair", 3: "three values"}
MOST_SHAPES = 3


def describe(answers: Sequence[Answer], tolerance: Tolerance, entries: Sequence[str] = ()) -> str:
    """The difference between what came back and what was wanted, over all calls, as one or two sentences."""
    usable = [answer for answer in answers if answer.got is not None]
    wrong = [answer for answer in usable if not answer.right]
    first = wrong[0]
    if first.got is None or len(first.got.entries) != len(first.wanted.entries) or first.got.single != first.wanted.single:
        return _count(first)
    if len(first.wanted.entries) > 1 and all(_is_reversed(answer, tolerance) for answer in wrong):
        return "The values are right, but they come in the wrong order."
    index = next(i for i in range(len(first.wanted.entries)) if not tolerance.same(first.got.entries[i], first.wanted.entries[i]))
    comparable = [answer for answer in usable if answer.got is not None and len(answer.got.entries) == len(answer.wanted.entries) > index]
    pairs = [(answer.got.entries[index], answer.wanted.entries[index]) for answer in comparable if answer.got is not None]
    sentence = _entry(pairs, tolerance)
    return sentence if first.wanted.single else f"{_which(first, index, tolerance, entries)} {sentence[0].lower()}{sentence[1:]}"


def _count(answer: Answer) -> str:
    got, wanted = answer.got, _how_many(len(answer.wanted.entries))
    if answer.wanted.single or got is None:
        return "A single array is asked for, not several."
    if got.single:
        shape = f" of shape {got.entries[0].shape}" if got.entries[0].ndim else ""
        return f"It returned a single array{shape} where {wanted} should come back: separate the values by a comma."
    return f"It returned {_how_many(len(got.entries))} where there should be {wanted}."


def _how_many(values: int) -> str:
    return COUNTS.get(values, f"{values} values")


def _is_reversed(answer: Answer, tolerance: Tolerance) -> bool:
    if answer.got is None or len(answer.got.entries) != len(answer.wanted.entries):
        return False
    return all(map(tolerance.same, reversed(answer.got.entries), answer.wanted.entries))


def _which(answer: Answer, index: int, tolerance: Tolerance, entries: Sequence[str]) -> str:
    """Which of the returned values it is about, and whether the others are right."""
    names = entries or [f"value {number}" for number in range(1, len(answer.wanted.entries) + 1)]
    got = answer.got.entries if answer.got else ()
    right = [name for name, mine, theirs in zip(names, got, answer.wanted.entries, strict=False) if tolerance.same(mine, theirs)]
    return f"{' and '.join(right)} {'is' if len(right) == 1 else 'are'} right, {names[index]} is not:" if right else f"{names[index]} is wrong:"


def _entry(pairs: Sequence[Pair], tolerance: Tolerance) -> str:
    wrong = [pair for pair in pairs if not tolerance.same(*pair)]
    misshapen = [pair for pair in wrong if pair[0].shape != pair[1].shape]
    detectors = SHAPE_DETECTORS if misshapen else VALUE_DETECTORS
    kind = next(sentence for detector in detectors if (sentence := detector(misshapen or wrong, tolerance)))
    right = [wanted.shape for got, wanted in pairs if tolerance.same(got, wanted)]
    bad = [wanted.shape for _, wanted in wrong]
    if not right:
        return kind
    if set(right) & set(bad):
        return f"{kind} Some of the calls gave the right values."
    return f"{kind} Right where the result has shape {_some(right)}, wrong for {_some(bad)}."


def _some(shapes: Sequence[tuple[int, ...]]) -> str:
    different = list(dict.fromkeys(map(str, shapes)))
    return ", ".join(different[:MOST_SHAPES]) + (", …" if len(different) > MOST_SHAPES else "")


# --- wrong shapes -----------------------------------------------------------------------------------------------------------------------------


def _transposed(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:
    if all(tolerance.same(got.T, wanted) for got, wanted in pairs):
        return f"It is the transpose of what it should be: got {pairs[0][0].shape}, wanted {pairs[0][1].shape}."
    return None


def _unsummed(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:
    """Summing what came back over some axis gives what was wanted."""
    for name, axis in (("the last axis", -1), ("the first axis", 0)):
        if all(got.ndim and tolerance.same(got.sum(axis=axis), wanted) for got, wanted in pairs) and any(got.shape[axis] > 1 for got, _ in pairs):
            return f"The sum over {name} is missing: got {pairs[0][0].shape}, wanted {pairs[0][1].shape}."
    return None


def _reshaped(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:
    if all(got.size == wanted.size and tolerance.same(got.reshape(wanted.shape), wanted) for got, wanted in pairs):
        return f"The numbers are right, the shape is not: got {pairs[0][0].shape}, wanted {pairs[0][1].shape}."
    return None


def _wrong_shape(pairs: Sequence[Pair], tolerance: Tolerance) -> str:  # noqa: ARG001  # all detectors are called alike
    return f"It has the wrong shape: got {pairs[0][0].shape}, wanted {pairs[0][1].shape}."


# --- right shapes, wrong values ---------------------------------------------------------------------------------------------------------------


def _not_finite(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    for name, test in (("NaN", np.isnan), ("infinite", np.isinf)):
        hits = [test(got) for got, _ in pairs]
        if any(hit.any() for hit in hits):
            return f"It is {name}{'' if all(hit.all() for hit in hits) else ' in places'}, where ordinary numbers should be."
    return None


def _precision(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    if all(near(*pair) for pair in pairs):
        single = all(bool(np.all(got.astype(np.float32) == got)) for got, _ in pairs)
        return "The values are right to a few digits only" + (
            ": they look like single precision." if single else ", not to the precision of the inputs."
        )
    return None


def _constant_factor(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    got, wanted = _joined(pairs)
    large = np.abs(wanted) > 1e-9  # a ratio to nothing says nothing
    if np.sum(large) < 2 or not np.allclose(got[~large], 0.0, atol=1e-8):  # one number has any factor
        return None
    ratios = got[large] / wanted[large]
    factor = float(np.median(ratios))
    if not np.allclose(ratios, factor, rtol=1e-6, atol=0.0) or factor == 0.0:
        return None
    if np.isclose(factor, -1.0, rtol=1e-6):
        return "The sign is flipped everywhere."
    named = next((fraction for value, fraction in FACTORS.items() if np.isclose(factor, value, rtol=1e-6)), None)
    return f"It is off by a constant factor{f' {named}' if named is not None else ''} everywhere."


def _zero(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    return "It is zero everywhere." if not any(got.any() for got, _ in pairs) else None


def _constant_offset(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    got, wanted = _joined(pairs)
    offsets = got - wanted
    if got.size < 3 or not np.allclose(offsets, offsets[0], rtol=1e-6, atol=1e-9):  # two numbers may differ alike by chance
        return None
    if np.allclose(got, got[0], rtol=1e-9):
        return None
    return "It is off by the same amount everywhere: a constant is missing, or one too many."


def _mean(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    """A factor within each call that changes from call to call: a mean in the place of a sum."""
    factors = []
    for got, wanted in pairs:
        ratio = np.asarray(got / wanted) if np.all(wanted) else np.empty(0)
        if ratio.size == 0 or not np.allclose(ratio, ratio.flat[0], rtol=1e-6, atol=0.0):
            return None
        factors.append(float(1 / ratio.flat[0]) if ratio.flat[0] else 0.0)
    if len(factors) > 1 and all(factor > 1.5 and np.isclose(factor, round(factor), rtol=1e-6) for factor in factors):  # whole and above 1
        return "It is too small by a factor that grows with the shape: a mean where a sum should be?"
    return None


def _one_for_all(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:  # noqa: ARG001  # as above
    got, wanted = _joined(pairs)
    if got.size > 2 and np.all(got == got[0]) and not np.allclose(wanted, wanted[0]):  # two may be equal by chance
        return f"It is the same number everywhere{', whatever the arguments' if len(pairs) > 1 else ''}."
    return None


def _signs(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:
    if all(tolerance.same(np.abs(got), np.abs(wanted)) for got, wanted in pairs):
        return "The sizes are right, the sign is wrong in places."
    return None


def _some_elements(pairs: Sequence[Pair], tolerance: Tolerance) -> str | None:
    """Where along the first axis the right values stand."""
    rows = [np.all(tolerance.close(got, wanted).reshape(len(got), -1), axis=1) for got, wanted in pairs if got.ndim and len(got) > 1]
    if rows and all(row[0] and not row[1:].any() for row in rows):
        return "Only the first entry along the first axis is right."
    if any(tolerance.close(got, wanted).any() for got, wanted in pairs):
        return "Some elements are right, others are not."
    return None


def _different(pairs: Sequence[Pair], tolerance: Tolerance) -> str:  # noqa: ARG001  # as above
    if all(got.ndim == 0 for got, _ in pairs):
        return "The number is not the right one."
    return "The shape is right, the values are not."


def _joined(pairs: Sequence[Pair]) -> Pair:
    return np.concatenate([got.ravel() for got, _ in pairs]), np.concatenate([wanted.ravel() for _, wanted in pairs])


SHAPE_DETECTORS: tuple[Detector, ...] = (_transposed, _unsummed, _reshaped, _wrong_shape)
VALUE_DETECTORS: tuple[Detector, ...] = (
    _not_finite,
    _zero,
    _precision,
    _constant_factor,
    _mean,
    _constant_offset,
    _one_for_all,
    _signs,
    _some_elements,
    _different,
)
