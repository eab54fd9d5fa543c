"""Exceptions that betray a known mistake. The table is matched with the text that the student gets to read; no match, no guess."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.checks.answers import Answer
from grader.checks.misconceptions import TABLE, Misconception
from grader.model import Outcome
from grader.observation import StudentFault

# Torch raises NotImplementedError where a class lacks a method; a stub's own says something else.
TORCHS_OWN = "for your custom autograd.Function"
ONE_RANK = (
    r"^IndexError: (tuple index out of range\n.*\.shape\[|too many indices)|^ValueError: .*must be 1[- ]dimensional"
    r"|^ValueError: (not enough|too many) values to unpack.*\n.*\.shape\b"
)
# Functions that have their number of axes written into them, or take no other one.
FIXED_AXES = (
    r"^ValueError: .*einstein sum|^RuntimeError: einsum\(\)|LinAlgError: .*dimension|^ValueError: (diag requires an array|Input must be 1- or 2-d)"
)
# Found in what names the exception and where it was raised, for this function or (None) for any.
TEXTS: tuple[tuple[str, str | None, str], ...] = (
    (r"not enough values to unpack \(expected \d+, got 0\)", "Reparameterize", "Reparameterize-nothing-saved"),
    (r"truth value of an array|Boolean value of Tensor with more than one", None, "if-on-array"),
    (r"only (0-dimensional|length-1|size-1|integer scalar) arrays|only one element tensors can be converted", None, "single-numbers-only"),
    (r"^ValueError: matmul: |mat1 and mat2 shapes cannot be multiplied|^ValueError: shapes .* not aligned", None, "matrix-product-shapes"),
    (
        r"non-broadcastable output operand|could not broadcast input array from shape|output with shape .* doesn't match",
        None,
        "result-in-argument-shape",
    ),
    (r"^IndexError: tuple index out of range\n.*params\[0\]\.s|\(params\[0\]\)", "sample_inverse_cdf", "sample-inverse-cdf-shape-of-parameters"),
    (r"^IndexError: tuple index out of range\n.*params\[", "sample_inverse_cdf", "sample-inverse-cdf-parameters-taken-apart"),
    (r"^TypeError: Cannot interpret '.*' as a data type", None, "shape-unpacked"),
    (ONE_RANK, None, "one-rank-only"),
    (r"inhomogeneous shape|input arrays must have the same shape|stack expects each tensor to be equal size", None, "pieces-of-different-shapes"),
    (FIXED_AXES, None, "one-rank-only"),
    (r"^ValueError: cannot reshape array of size|^RuntimeError: shape .* is invalid for input of size", None, "reshape-does-not-fit"),
    (r"^AssertionError", None, "own-assertion"),
    (
        r"could not be broadcast together|must match the size of tensor|compatible with broadcast dimensions|more dimensions than allowed",
        None,
        "shapes-do-not-fit",
    ),
    (r"missing \d+ required positional argument|unexpected keyword argument|takes (from )?\d+ .*positional arguments? ", None, "call-does-not-fit"),
    (r"^(NameError|UnboundLocalError|AttributeError): ", None, "unknown-name"),
    (r"^RecursionError: ", None, "endless-recursion"),
    (r"^ModuleNotFoundError: |^ImportError: ", None, "module-missing"),
    (r"^ValueError: (scale|sigma) < 0|normal expects all elements of std >= 0", None, "negative-scale"),
    (r"^TypeError: 'tuple' object cannot be interpreted as an integer", None, "tuple-for-number"),
    (r"that requires grad. Use tensor.detach", None, "numpy-of-graph"),
)


def recognise(function: str, problem: StudentFault) -> Misconception | None:
    """The mistake behind an exception in a student's function, or None."""
    _, raised, text = problem.message.partition(f"`{function}` raised ")
    if problem.outcome is not Outcome.ERROR or not raised:
        return None
    return next((TABLE[name] for pattern, only, name in TEXTS if only in (None, function) and re.search(pattern, text)), None)


def explained(function: str, problem: StudentFault) -> StudentFault:
    """The same with the mistake that is behind it, if that is known."""
    if problem.outcome is Outcome.FORBIDDEN:
        return StudentFault(problem.outcome, problem.message, "autograd")
    if problem.outcome is Outcome.NOT_IMPLEMENTED and TORCHS_OWN in problem.message:
        return told(StudentFault(Outcome.ERROR, problem.message.replace("still raises", "raised"), None), TABLE["Reparameterize-method-missing"])
    row = None if problem.misconception else recognise(function, problem)
    return told(problem, row) if row else problem


def told(problem: StudentFault, row: Misconception) -> StudentFault:
    """The same, and which mistake it is."""
    return StudentFault(problem.outcome, f"{problem.message}\n{row.says} {row.look}", row.id)


def one_rank_only(answers: Sequence[Answer]) -> Misconception | None:
    """Right or wrong, all calls for some numbers of axes returned something, arrays among it, and all for others raised an exception."""
    if len({len(answer.wanted.entries) for answer in answers}) > 1:
        return None
    raised = {answer.wanted.entries[0].ndim for answer in answers if _raised(answer)}
    returned = {answer.wanted.entries[0].ndim for answer in answers if answer.got is not None}
    return TABLE["one-rank-only"] if raised and any(returned) and not raised & returned else None


def _raised(answer: Answer) -> bool:
    return isinstance(answer.problem, StudentFault) and answer.problem.outcome is Outcome.ERROR
