"""Known mistakes that belong to no formula: any function may contain them. The comparison itself recognises them."""

from __future__ import annotations

from grader.checks.misconceptions.record import ANY, Misconception

MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        "no-return",
        ANY,
        says="The function returned nothing (None).",
        look="Is a `return` missing at its end, or is the result printed instead of returned?",
    ),
    Misconception(
        "modifies-inputs",
        ANY,
        says="The function changed an array that was handed to it.",
        look="Operators such as `+=` and `*=`, `out=` and assignments to elements work in place: compute new arrays instead.",
    ),
    Misconception(
        "single-precision",
        ANY,
        says="The values carry the seven digits of single precision, the inputs had sixteen.",
        look="Look for a `float32`, in NumPy's `astype` and `dtype=` as well as in torch's default dtype.",
    ),
    Misconception(
        "whole-numbers",
        ANY,
        says="The values were cut to whole numbers.",
        look="Look for `int(...)`, an integer dtype, or `//` in place of `/`.",
    ),
    Misconception(
        "imprecise",
        ANY,
        says="The values are close, but not to the precision of the inputs.",
        look="Look for rounding, for constants with few digits, and for a finite difference where a formula is asked for.",
    ),
    Misconception(
        "constant",
        ANY,
        says="The function returns the same numbers whatever it is given.",
        look="Compute the result from the arguments.",
    ),
    Misconception(
        "extreme-values-altered",
        ANY,
        says="Ordinary values come out right, very small or very large ones do not.",
        look="Is something clipped, or a small constant added for safety? The formula needs neither.",
    ),
)
