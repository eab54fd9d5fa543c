"""A student's functions called in this very process: what grading would cost if nothing had to be kept from anything.

For right solutions only. It stands where the sandbox's proxy stands, so that the checks are the same to the byte.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from grader.model import Submission
from grader.observation import Request
from grader.sandbox import translate
from grader.sandbox.client import Sandbox, SandboxedStudent
from grader.sandbox.torch_worker import TorchWorker
from grader.unit import Exercise, Unit


class PlainStudent(SandboxedStudent):
    """The proxy without fork, jail and wire."""

    def __init__(self, unit: Unit, submission: Submission) -> None:
        super().__init__(Sandbox(unit), submission)
        self._finders = list(sys.meta_path)
        self._here: Any = None

    def _load(self, exercise: Exercise, function: str) -> None:  # noqa: ARG002  # the proxy's signature
        if self._loaded == exercise.name:
            return
        self.close()
        self._here = TorchWorker()
        self._here.load(translate.load(self._submission.programs[exercise.name], self._unit))
        self._loaded = exercise.name

    def _each_once(self, function: str, requests: Sequence[Request]) -> list[Any]:
        exercise, kind = self._unit.exercise_of(function), self._unit.function(function).kind
        self._load(exercise, function)
        self._here.seed(0)
        plain = [translate.request(function, kind, request) for request in requests]
        answers = [getattr(self._here, request["op"])(request) for request in plain]
        return [self._read(exercise.name, function, *pair) for pair in zip(requests, answers, strict=True)]

    def close(self) -> None:
        """Forget the submission's modules."""
        sys.meta_path[:] = self._finders
        for exercise in self._unit.exercises:
            sys.modules.pop(exercise.name, None)
        self._loaded = None
