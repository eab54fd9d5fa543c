"""Compares what a student's function returns with the reference, and says what is wrong in the student's terms.

A check hands over its calls; as long as all is well the function is called once for each. The first difference ends the check, but not before
the other calls were made: the whole pattern (right for one shape, wrong for another) is what tells one mistake from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from grader.checks.answers import Answer, Array, Case, Cases, Tolerance, Value, as_array, as_case, called, read
from grader.checks.diagnosis import diagnose
from grader.checks.differences import describe
from grader.checks.misconceptions import TABLE, Misconception
from grader.model import Outcome
from grader.observation import CheckFailed, Student, StudentFault
from grader.unit import current

__all__ = ["Case", "Cases", "as_array", "check_inputs_unmodified", "check_values", "fail"]


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
    otherwise: str | None = None,
    remark: str = "",
    ask: Callable[[Case], Any] | None = None,
) -> None:
    """Call the student's function once for each case and compare with the reference.

    Args:
        student: the proxy.
        function: name of the function, as in the catalogue.
        cases: the calls: tuples of arguments, or `Case`s where there are keywords or recipes.
        reference: the right function; it gets the same arguments (or the case's stand-ins). Where it returns several values, so must the
            student's.
        entries: what those values are called in messages.
        rtol: relative tolerance.
        atol: absolute tolerance.
        further: more calls, made only after a difference was found, to tell similar mistakes apart.
        otherwise: id of the mistake to name if no formula of the table fits and all `further` calls are right.
        remark: what a message says about the inputs of this check.
        ask: gets the value for a case, where it is not simply what a call returns.

    Raises:
        CheckFailed: a value is wrong.
        StudentFault: there was no value.
    """
    call = ask or (lambda case: student.call(function, *case.arguments, keywords=case.keywords).value)
    comparison = _Comparison(function, reference, Tolerance(rtol, atol), call)
    answers, waiting = [], [as_case(case) for case in cases]
    while waiting:
        answers.append(comparison.answer(waiting.pop(0)))
        if not answers[-1].right:
            answers += comparison.answers(waiting)
            extra = comparison.answers(map(as_case, further()))
            row = diagnose(function, (*answers, *extra), comparison.tolerance)
            vague = row is None or row.id == "imprecise"
            if vague and otherwise and all(answer.right for answer in extra):
                row = TABLE[otherwise]
            raise CheckFailed(comparison.message(answers, entries, row, remark), row.id if row else None)


def check_inputs_unmodified(student: Student, function: str, cases: Cases) -> None:
    """Call the student's function and demand that its arguments are afterwards what they were, bit for bit.

    Raises:
        CheckFailed: an argument was changed, or nothing was returned (a function that does nothing deserves no praise for it).
        StudentFault: there was no value.
    """
    for case in map(as_case, cases):
        observation = student.call(function, *case.arguments, keywords=case.keywords)
        read(observation.value, function, len(observation.value) if isinstance(observation.value, (tuple, list)) else None)
        demand_unmodified(function, case.arguments, observation.arguments)


def demand_unmodified(function: str, before: Sequence[Any], after: Sequence[Any]) -> None:
    """The part of `check_inputs_unmodified` that compares arguments before and after a call.

    Raises:
        CheckFailed: one of them was changed.
    """
    names = [name.partition("=")[0].strip() for name in current().function(function).signature.strip("()").split(",")]
    for name, old, new in zip(names, before, after, strict=False):
        if not _unchanged(old, new):
            fail(function, "modifies-inputs", f"`{function}` gave its argument `{name}` back with other values.")


def fail(function: str, misconception: str, happened: str = "") -> NoReturn:
    """Fail a check with a mistake of the table that was recognised by other means than its formula."""
    row = TABLE[misconception]
    raise CheckFailed(_joined(happened, row.says, row.look, _handout(function)), row.id)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Student's function against reference."""

    function: str
    reference: Callable[..., Any]
    tolerance: Tolerance
    call: Callable[[Case], Any]

    def answer(self, case: Case) -> Answer:
        """One call. An exception of the student's names the shapes it was raised for."""
        wanted = self._wanted(case)
        try:
            value = self.call(case)
        except StudentFault as problem:
            # A file that could not be loaded is an error too, but nothing was called.
            if problem.outcome is not Outcome.ERROR or not problem.message.startswith(f"`{self.function}`"):
                raise
            raise StudentFault(problem.outcome, f"{called(self.function, case, self.reference)}: {problem.message}") from None
        got = read(value, self.function, None if wanted.single else len(wanted.entries))
        return Answer(case, got, wanted, self.tolerance.agree(got, wanted))

    def answers(self, cases: Iterable[Case]) -> list[Answer]:
        """The calls after the first difference. One that raises stays without a value; a hang or a death ends the asking."""
        answers = []
        for case in cases:
            try:
                answers.append(self.answer(case))
            except CheckFailed:
                answers.append(Answer(case, None, self._wanted(case), right=False))
            except StudentFault as problem:
                answers.append(Answer(case, None, self._wanted(case), right=False))
                if problem.outcome is not Outcome.ERROR:
                    break
        return answers

    def message(self, answers: Sequence[Answer], entries: Sequence[str], row: Misconception | None, remark: str) -> str:
        """What was called, the kind of difference, the mistake if it is known, and where to look."""
        first = next(answer for answer in answers if answer.got is not None and not answer.right)
        named = (row.says, row.look) if row else ()
        difference = describe(answers, self.tolerance, entries)
        return _joined(f"{called(self.function, first.case, self.reference)}:", difference, remark, *named, _handout(self.function))

    def _wanted(self, case: Case) -> Value:
        value = case.apply(self.reference)
        return read(value, self.function, len(value) if isinstance(value, (tuple, list)) else None)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


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
