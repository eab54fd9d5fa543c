"""Compares what a student's function returns with the reference, and says what is wrong in the student's terms.

A check hands over its calls, which are all made: the whole pattern (right for one shape, wrong for another) is what tells one mistake from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from grader.checks.answers import BARE, Answer, Array, Case, Cases, Tolerance, Value, as_array, as_case, called, read
from grader.checks.diagnosis import diagnose, diagnose_values
from grader.checks.differences import describe
from grader.checks.enquiry import unused_argument
from grader.checks.exceptions import one_rank_only, told
from grader.checks.misconceptions import TABLE, Misconception
from grader.checks.terms import wrong_terms
from grader.model import Outcome
from grader.observation import Call, CheckFailed, Request, Student, StudentFault
from grader.unit import current


@dataclass(frozen=True, slots=True)
class Ask:
    """How a case becomes a request, and an observation a value; the latter may raise `CheckFailed`."""

    request: Callable[[Case], Request]
    value: Callable[[Any], Any]


# That a value is wrong is certain by the time it is explained. It may be stranger than any explanation foresees, which must not cost the verdict.
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# Whose states no function may move. Of those that draw, it is asked by checks of their own.
GENERATORS, SAMPLERS = frozenset({"numpy", "torch"}), frozenset({"sample", "rsample", "sample_inverse_cdf"})
# Global generators are seeded alike for all calls: draws that come from there show by not changing. Not 0, the seed that students choose.
GLOBAL_SEED = 13_126_114
CALL = Ask(lambda case: Call(case.arguments, case.keywords), lambda observation: observation.value)
__all__ = ["Ask", "Case", "Cases", "as_array", "check_inputs_unmodified", "check_values", "fail", "observations"]


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
    ask: Ask = CALL,
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
        ask: how a case becomes a request and an observation a value, where it is not simply what a call returns.

    Raises:
        CheckFailed: a value is wrong.
        StudentFault: there was no value.
    """
    comparison = _Comparison(student, function, reference, Tolerance(rtol, atol), ask)
    answers = comparison.answers(cases)
    first = next((answer for answer in answers if not answer.right), None)
    if first is None:
        return
    if first.problem is not None:
        row = one_rank_only(answers)  # exceptions by themselves are explained where all of them arrive
        raise told(first.problem, row) if row and isinstance(first.problem, StudentFault) else first.problem
    extra = comparison.answers(further())
    try:
        row = comparison.mistake(answers, extra, entries, otherwise)
        message = comparison.message(answers, entries, row, remark)
    except UNFORESEEN:
        row, message = None, _joined(f"{called(function, first.case, reference)}:", BARE, _handout(function))
    raise CheckFailed(message, row.id if row else None)


def observations(student: Student, function: str, requests: Sequence[Request]) -> Iterator[Any]:
    """What came of each request. Raises the first `StudentFault` when its turn comes."""
    for observation in student.each(function, requests):
        if isinstance(observation, StudentFault):
            raise observation
        yield observation


def check_inputs_unmodified(student: Student, function: str, cases: Cases) -> None:
    """Call the student's function and demand that its arguments are afterwards what they were, bit for bit.

    Raises:
        CheckFailed: an argument was changed, or nothing was returned (a function that does nothing deserves no praise for it).
        StudentFault: there was no value.
    """
    asked = list(map(as_case, cases))
    requests = [case.asked(_with_what_follows) for case in asked]
    for case, observation in zip(asked, observations(student, function, requests), strict=True):
        read(observation.value, function, len(observation.value) if isinstance(observation.value, (tuple, list)) else None)
        demand_unmodified(function, case.arguments, observation.arguments)
        if observation.touched & GENERATORS and function not in SAMPLERS:
            fail(function, "moves-global-state", f"`{function}` moved the global random state of {' and '.join(sorted(observation.touched))}.")


def _with_what_follows(case: Case) -> Call:
    return Call(case.arguments, case.keywords, afterwards=True, seed=GLOBAL_SEED)


def demand_unmodified(function: str, before: Sequence[Any], after: Sequence[Any]) -> None:
    """The part of `check_inputs_unmodified` that compares arguments before and after a call.

    Raises:
        CheckFailed: one of them was changed.
    """
    for name, old, new in zip(argument_names(function), before, after, strict=False):
        if not _unchanged(old, new):
            fail(function, "modifies-inputs", f"`{function}` gave its argument `{name}` back with other values.")


def argument_names(function: str) -> list[str]:
    """As the catalogue's signature has them."""
    return [name.partition("=")[0].strip() for name in current().function(function).signature.strip("()").split(",")]


def fail(function: str, misconception: str, happened: str = "") -> NoReturn:
    """Fail a check with a mistake of the table that was recognised by other means than its formula."""
    row = TABLE[misconception]
    raise CheckFailed(_joined(happened, row.says, row.look, _handout(function)), row.id)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Student's function against reference."""

    student: Student
    function: str
    reference: Callable[..., Any]
    tolerance: Tolerance
    ask: Ask

    def answers(self, cases: Cases) -> list[Answer]:
        """One call for each case, as far as there is somebody to ask."""
        asked = list(map(as_case, cases))
        observations = self.student.each(self.function, [case.asked(self.ask.request) for case in asked]) if asked else []
        return [self._answer(case, observation) for case, observation in zip(asked, observations, strict=False)]

    def _answer(self, case: Case, observation: Any) -> Answer:
        wanted = self._wanted(case)
        if isinstance(observation, StudentFault):
            return Answer(case, None, wanted, right=False, problem=self._located(case, observation))
        try:
            got = read(self.ask.value(observation), self.function, None if wanted.single else len(wanted.entries))
        except CheckFailed as problem:
            return Answer(case, None, wanted, right=False, problem=problem)
        return Answer(case, got, wanted, self.tolerance.agree(got, wanted))

    def _located(self, case: Case, problem: StudentFault) -> StudentFault:
        """An exception of the student's names the shapes it was raised for. Where a file could not be loaded, nothing was called."""
        if problem.outcome is not Outcome.ERROR or not problem.message.startswith(f"`{self.function}`"):
            return problem
        return StudentFault(problem.outcome, f"{called(self.function, case, self.reference)}: {problem.message}")

    def mistake(self, answers: Sequence[Answer], extra: Sequence[Answer], entries: Sequence[str], otherwise: str | None) -> Misconception | None:
        """The mistake behind the differences, if it is known; `extra` are the answers to further calls."""
        row = diagnose(self.function, (*answers, *extra), self.tolerance)
        vague = row is None or row.id == "imprecise"
        if vague and otherwise and all(answer.right for answer in extra):
            row = TABLE[otherwise]
        return (
            row
            or diagnose_values(self.function, answers, self.tolerance)
            or wrong_terms(self.function, (*answers, *extra))
            or self.enquire(answers, entries)
        )

    def enquire(self, answers: Sequence[Answer], entries: Sequence[str]) -> Misconception | None:
        """What the function does with its arguments, where no formula explains what comes back."""
        first = next(answer for answer in answers if answer.got is not None and not answer.right)
        if self.ask is CALL:
            once, *_ = self.student.each(self.function, [Call(first.case.arguments, first.case.keywords, afterwards=True)])
            if not isinstance(once, StudentFault) and not all(map(_unchanged, first.case.arguments, once.arguments)):
                return TABLE["modifies-inputs"]
        values = [answer.got for answer in self.answers([first.case] * 2)]
        if any(value and values[0] and not Tolerance(0.0, 0.0).agree(value, values[0]) for value in values):
            return TABLE["differs-from-call-to-call"]
        return unused_argument(answers, self.answers, argument_names(self.function), entries) if self.ask is CALL else None

    def message(self, answers: Sequence[Answer], entries: Sequence[str], row: Misconception | None, remark: str) -> str:
        """What was called, the kind of difference, the mistake if it is known, and where to look."""
        first = next(answer for answer in answers if answer.got is not None and not answer.right)
        named = (row.says, row.look) if row else ()
        difference = describe(answers, self.tolerance, entries)
        return _joined(f"{called(self.function, first.case, self.reference)}:", difference, remark, *named, _handout(self.function))

    def _wanted(self, case: Case) -> Value:
        value = case.applied(self.reference)
        return read(value, self.function, len(value) if isinstance(value, (tuple, list)) else None)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _handout(function: str) -> str:
    return f"(Handout: README.md#{current().function(function).handout})"


def _unchanged(before: Any, after: Any) -> bool:
    """An argument before a call, and as the observation has it after."""
    return after is None or _same_bits(getattr(before, "value", before), after)


def _same_bits(value: Any, after: Any) -> bool:
    """Of the arrays in it; opaque recipes have none."""
    if isinstance(value, (tuple, list)):
        return isinstance(after, (tuple, list)) and len(after) == len(value) and all(map(_same_bits, value, after))
    if not isinstance(value, np.ndarray):
        return True
    return isinstance(after, np.ndarray) and _bits(after) == _bits(value)


def _bits(array: Array) -> tuple[Any, ...]:
    return array.shape, array.dtype, np.ascontiguousarray(array).tobytes()
