"""Submissions from a few lines of code, for the tests that go through a real sandbox."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.model import Outcome, Program, Source, Submission
from grader.observation import StudentFault
from grader.sandbox.client import Sandbox
from grader.unit import current

ONES = np.ones((3, 2))
SEVEN = "def kl_divergence(mu, sigma):\n    return 7.0\n"
# Deadlines and memory are small, so that running into them costs little.
LIMITS = dataclasses.replace(current().limits, call_seconds=1.0, load_seconds=1.5, memory_mib=256)


def source(path: str, code: str | bytes | tuple[str, ...]) -> Source:
    return Source(path, textwrap.dedent(code).encode() if isinstance(code, str) else code)


def submission(code: str | bytes | tuple[str, ...], *, exercise: str = "kl", packages: tuple[str, ...] = (), **modules: Any) -> Submission:
    """One exercise (a notebook if `code` is a tuple of cells) and the modules beside it; `a__b` stands for the module `a.b`."""
    path = f"{exercise}.ipynb" if isinstance(code, tuple) else f"{exercise}.py"
    beside = {name.replace("__", "."): source(f"{name.replace('__', '/')}.py", text) for name, text in modules.items()}
    return Submission("s", "s", {exercise: Program(exercise, source(path, code), beside, frozenset(packages))}, "")


def fault_of(request: Callable[[], Any]) -> StudentFault:
    """The fault a request ends in; fails if it ends in a value."""
    try:
        value = request()
    except StudentFault as fault:
        return fault
    raise AssertionError(f"no fault but {value!r}")


def ask(sandbox: Sandbox, work: Submission, function: str = "kl_divergence", *arguments: Any) -> Any:
    """What one call returns, in a student of its own."""
    student = sandbox.student(work)
    try:
        return student.call(function, *(arguments or (ONES, ONES))).value
    finally:
        student.close()


def outcome_of(sandbox: Sandbox, work: Submission, function: str = "kl_divergence", *arguments: Any) -> Outcome:
    return fault_of(lambda: ask(sandbox, work, function, *arguments)).outcome
