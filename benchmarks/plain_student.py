"""A student's functions called in this very process: what grading would cost if nothing had to be kept from anything.

For right solutions only. It stands where the sandbox's proxy stands, so that the checks are the same to the byte.
"""

from __future__ import annotations

import sys
from typing import Any

from grader.model import Submission
from grader.sandbox import worker
from grader.sandbox.client import Sandbox, SandboxedStudent, _load_request
from grader.unit import Unit


class PlainStudent(SandboxedStudent):
    """The proxy without fork, jail and wire."""

    def __init__(self, unit: Unit, submission: Submission) -> None:
        super().__init__(Sandbox(unit), submission)
        self._finders = list(sys.meta_path)
        self._modules = set(sys.modules)
        self._here: Any = None

    def _load(self, exercise: str, function: str) -> None:  # noqa: ARG002  # the proxy's signature
        if self._loaded == exercise:
            return
        self.close()
        self._here = worker._Worker(gate=None)  # type: ignore[arg-type]  # the trap for autograd would end this process
        self._here.load(_load_request(self._submission.programs[exercise], self._unit) | {"manual": False})
        self._loaded = exercise

    def _exchange(self, request: dict[str, Any], *_: object) -> dict[str, Any]:
        return getattr(self._here, request["op"])(request)

    def close(self) -> None:
        """Forget the submission's modules."""
        sys.meta_path[:] = self._finders
        for exercise in self._unit.exercises:
            sys.modules.pop(exercise.name, None)
        self._loaded = None
