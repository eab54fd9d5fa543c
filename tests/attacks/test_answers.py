"""Whatever a forged worker answers, each check comes to a verdict: none breaks, which would be a fault of the grader's and no zero."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from grader.checks import session
from grader.model import Outcome
from grader.observation import Call, Observation, Pull, Request, StudentFault
from grader.report.drawing import drawing
from grader.sandbox import translate
from grader.sandbox.wire import Tagged
from grader.unit import current

GRADINGS = 50
SHAPES = ((), (1,), (3,), (4,), (3, 4), (2, 3, 4), (0,), (1, 1), (2, 3), (8, 1), (1000,), (3, 0), (2,) * 7, (0, 1 << 20), (1 << 20, 0))
NUMBERS = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, -1e308, 5e-324)
INTEGERS = (0, 1, -1, 2**63 - 1, -(2**63))


class Forger:
    """Implements `grader.observation.Student`. What it answers has passed the wire, and has often the shape that was asked for."""

    def __init__(self, seed: int) -> None:
        self.choice = random.Random(seed)  # noqa: S311 - for tests
        self.noise = np.random.default_rng(seed)
        self.habit = self.choice.choice((self.anything, self.array, self.pair, self.tensor))

    def each(self, _function: str, requests: Sequence[Request]) -> list[Any]:
        outcomes: list[Any] = []
        for asked in requests:
            observation = translate.observation(asked, self.answer(asked))
            if observation is None:
                return [*outcomes, StudentFault(Outcome.CRASHED, "no answer")]
            outcomes.append(observation)
        return outcomes

    def renew(self) -> None:
        """It remembers nothing."""

    def call(self, function: str, *arguments: Any, repeat: int = 1, keywords: Any = None, seed: int = 0) -> Observation:
        (outcome, *_) = self.each(function, [Call(arguments, keywords or {}, repeat, seed=seed)])
        if isinstance(outcome, StudentFault):
            raise outcome
        return outcome

    def answer(self, asked: Request) -> dict[str, Any]:
        shape, maybe = _shape(asked), self.choice.random
        told = isinstance(asked, Pull) or asked.afterwards
        after = tuple(getattr(argument, "value", argument) if maybe() < 0.8 else self.anything(shape) for argument in asked.arguments)
        answer: dict[str, Any] = {"arguments": after if told else ()}
        if isinstance(asked, Pull):
            rows = [tuple(self.anything(shape) for _ in range(self.choice.choice((0, 1, 2, 3)))) for _ in asked.cotangents]
            return {**answer, "value": self.habit(shape), "gradients": rows, "overridden": self.choice.choice(([], [], ["apply"], [1], "apply"))}
        values = [self.habit(shape) for _ in range(asked.repeat)] if maybe() < 0.5 else [self.habit(shape)] * asked.repeat
        return {**answer, "values": values, "touched": self.choice.choice(([], ["numpy"], ["x\x1b"], "text", None, [1]))}

    def array(self, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        shape = shape if self.choice.random() < 0.8 else self.choice.choice(SHAPES)
        kind = self.choice.choice(("<f8", "<f8", "<f4", "<i8", "|b1"))
        if kind == "<i8":
            return np.full(shape, self.choice.choice(INTEGERS), kind)
        values = np.asarray(self.noise.standard_normal(shape) if self.choice.random() < 0.7 else np.full(shape, self.choice.choice(NUMBERS)))
        if values.size and self.choice.random() < 0.2:
            values.flat[self.choice.randrange(values.size)] = self.choice.choice(NUMBERS)
        with np.errstate(all="ignore"):
            return values.astype(kind)

    def pair(self, shape: tuple[int, ...]) -> Any:
        return self.array(shape), self.array(shape)

    def tensor(self, shape: tuple[int, ...]) -> Any:
        return Tagged("tensor", (self.array(shape), self.choice.choice(("float64", "float32", "bool", "x\x1b")), self.choice.random() < 0.5))

    def anything(self, shape: tuple[int, ...], depth: int = 0) -> Any:
        if depth < 3 and self.choice.random() < 0.3:
            items = [self.anything(shape, depth + 1) for _ in range(self.choice.choice((0, 1, 2, 3, 5)))]
            return items if self.choice.random() < 0.5 else tuple(items)
        others = (None, True, "text", b"bytes", {"a": 1}, np.float64(1.0), np.float32(1.0), Tagged("refused", "\x1b<b>"), Tagged("tensor", 1))
        numbers = (*NUMBERS, *INTEGERS)
        return self.choice.choice((self.array(shape), self.pair(shape), self.tensor(shape), self.choice.choice(numbers), self.choice.choice(others)))


def _shape(asked: Request) -> tuple[int, ...]:
    """Of the arguments together, as far as there is such a thing."""
    arrays = [getattr(argument, "value", argument) for argument in asked.arguments]
    try:
        return np.broadcast_shapes(*(np.shape(array) for array in arrays if isinstance(array, (np.ndarray, float))))
    except ValueError:
        return ()


@pytest.mark.parametrize("exercise", [exercise.name for exercise in current().exercises])
def test_no_answer_breaks_a_check_or_is_shown_unclean(exercise: str) -> None:
    def body(grade: session.Grade) -> None:
        for seed in range(GRADINGS):
            (result,) = grade(Forger(seed), seed, [exercise])
            for check in result.checks:
                assert check.message.replace("\n", "").isprintable(), seed
                if check.picture is not None:
                    json.dumps(asdict(check.picture), allow_nan=False)
                    drawing(check.picture)

    session.run(current(), body)
