"""Compares what a student's function returns with the reference, and says what is wrong in the student's terms.

A check hands over its calls; as long as all is well the function is called once for each. The first difference ends the check, but not before
the other calls were made: the whole pattern (right for one shape, wrong for another) is what tells one mistake from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

import numpy as np

from grader.checks import diagnosis, differences
from grader.checks.answers import Answer, Array, Case, Cases, Tolerance, Value, as_array, as_case, called, read
from grader.checks.misconceptions import TABLE
from grader.model import Outcome
from grader.observation import CheckFailed, Student, StudentFault
from grader.unit import current

__all__ = ["Case", "Cases", "Tolerance", "as_array", "check_inputs_unmodified", "check_values", "fail"]


def check_values(
    student: Student,
    function: str,
    cases: Cases,
    reference: Callable[..., Any],
    *,
    entries: Sequence[str] = (),
    rtol: float = 1e-7,
    atol: float = 1e-12,
    further: Callable[[], Cases] = tuple,
) -> None:
    """Call the student's function once for each case and compare with the reference.

    Args:
        student: the proxy.
        function: name of the function, as in the catalogue.
        cases: the calls: tuples of arguments, or `Case`s where there are keywords or recipes.
        reference: the right function; it gets the same arguments (or the case's stand-ins). Where it returns several values, so must the
            student's.
        entries: what the entries of that tuple are called in messages.
        rtol: relative tolerance.
        atol: absolute tolerance.
        further: more calls, made only after a difference was found, to tell similar mistakes apart.

    Raises:
        CheckFailed: a value is wrong.
        StudentFault: there was no value.
    """
    tolerance, answers, waiting = Tolerance(rtol, atol), [], [as_case(case) for case in cases]
    while waiting:
        answers.append(_ask(student, function, waiting.pop(0), reference, tolerance))
        if not answers[-1].right:
            answers += _ask_on(student, function, (*waiting, *map(as_case, further())), reference, tolerance)
            _fail(function, answers, reference, tolerance, entries)


def check_inputs_unmodified(student: Student, function: str, cases: Cases) -> None:
    """Call the student's function and demand that its arguments are afterwards what they were, bit for bit.

    Raises:
        CheckFailed: an argument was changed, or nothing was returned (a function that does nothing deserves no praise for it).
        StudentFault: there was no value.
    """
    names = [name.partition("=")[0].strip() for name in current().function(function).signature.strip("()").split(",")]
    for case in map(as_case, cases):
        observation = student.call(function, *case.arguments, keywords=case.keywords)
        read(observation.value, function, None if not isinstance(observation.value, (tuple, list)) else len(observation.value))
        for name, before, after in zip(names, case.arguments, observation.arguments, strict=False):
            if not _unchanged(before, after):
                row = TABLE["modifies-inputs"]
                raise CheckFailed(f"`{function}` changed its argument `{name}`. {row.look}", row.id)


def fail(function: str, misconception: str, happened: str = "") -> NoReturn:
    """Fail a check with a mistake of the table that was recognised by other means than its formula."""
    row = TABLE[misconception]
    raise CheckFailed(" ".join(filter(None, (happened, row.says, row.look, _handout(function)))), row.id)


def _ask(student: Student, function: str, case: Case, reference: Callable[..., Any], tolerance: Tolerance) -> Answer:
    wanted = _wanted(case, reference, function)
    try:
        observation = student.call(function, *case.arguments, keywords=case.keywords)
    except StudentFault as problem:
        if problem.outcome is not Outcome.ERROR:
            raise
        raise StudentFault(problem.outcome, f"{called(function, case, reference)}: {problem.message}") from None
    got = read(observation.value, function, None if wanted.single else len(wanted.entries))
    return Answer(case, got, wanted, tolerance.agree(got, wanted))


def _ask_on(student: Student, function: str, cases: Iterable[Case], reference: Callable[..., Any], tolerance: Tolerance) -> list[Answer]:
    """The calls after the first difference. One that raises stays without a value; a hang or a death ends the asking."""
    answers = []
    for case in cases:
        try:
            answers.append(_ask(student, function, case, reference, tolerance))
        except (StudentFault, CheckFailed) as problem:
            if isinstance(problem, StudentFault) and problem.outcome is not Outcome.ERROR:
                break
            answers.append(Answer(case, None, _wanted(case, reference, function), right=False))
    return answers


def _wanted(case: Case, reference: Callable[..., Any], function: str) -> Value:
    value = case.apply(reference)
    return read(value, function, len(value) if isinstance(value, (tuple, list)) else None)


def _fail(function: str, answers: list[Answer], reference: Callable[..., Any], tolerance: Tolerance, entries: Sequence[str]) -> NoReturn:
    first = next(answer for answer in answers if not answer.right and answer.got is not None)
    row = diagnosis.diagnose(function, answers, tolerance)
    sentences = [f"{called(function, first.case, reference)}:", differences.describe(answers, tolerance, entries)]
    if row is not None:
        sentences += [row.says, row.look]
    raise CheckFailed(" ".join([*sentences, _handout(function)]), row.id if row else None)


def _handout(function: str) -> str:
    return f"(Handout: README.md#{current().function(function).handout})"


def _unchanged(before: Any, after: Any) -> bool:
    """Bit for bit where it is an array; recipes that are opaque come back as None."""
    value = getattr(before, "value", before)
    if isinstance(value, (tuple, list)):
        return isinstance(after, (tuple, list)) and len(after) == len(value) and all(map(_unchanged, value, after))
    if not isinstance(value, np.ndarray):
        return True
    return isinstance(after, np.ndarray) and _bits(after) == _bits(value)


def _bits(array: Array) -> tuple[Any, ...]:
    return array.shape, array.dtype, np.ascontiguousarray(array).tobytes()
