"""The only process that runs student code: a loop that loads one exercise and answers requests about its functions with plain data.

Runs in a process of its own, forked from a zygote and locked down before the first byte of a submission arrives. It observes and never judges: no
expected value, check or solution is in its reach, so there is nothing here worth stealing and no verdict to forge. What it sends may
be forged all the same (student code shares this process), and the client treats it so.

A frame carries requests, `{"op": "load", ...}`, `{"op": "call", ...}` or `{"op": "gradients", ...}`, the `number` of the first of them, which its
answer repeats and which counts on. This file knows nothing of torch: `torch_worker` does.
"""

from __future__ import annotations

import importlib
import os
import random
import socket
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar, NoReturn

import numpy as np

from grader.sandbox import modules, wire
from grader.sandbox.plain import bundled, plain
from grader.sandbox.probes import PROBES
from grader.sandbox.wire import Tagged

MOST_FRAMES = 6
LONGEST_TEXT = 1_000
LONGEST_NAME = 200
OPAQUE = ("rng", "torch_generator", "probe")


def serve(channel: socket.socket, worker: Worker) -> None:
    """Say that the lock-down stands, then answer requests until the client closes the connection."""
    wire.send(channel, {"number": 0})
    # Real files: what is printed goes nowhere, and `sys.stdout.reconfigure`, `.buffer` and `.fileno` are there for those who want them.
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  # open for the life of the process
    sys.stdout = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115  # as above
    sys.stderr = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115  # as above
    handlers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"load": worker.load, "call": worker.call, "gradients": worker.gradients}
    while True:
        try:
            frame = wire.receive(channel, trusted=True)
        except EOFError:
            return
        worker.seed(0)
        for number, request in enumerate(frame["requests"], start=frame["number"]):
            try:
                answer = handlers[request["op"]](request)
            except BaseException as failure:  # noqa: BLE001  # whatever student code throws, SystemExit included, is an answer
                answer = worker.describe(failure)
            answer["number"] = number
            try:
                wire.send(channel, answer)
            except wire.WireError as failure:
                wire.send(channel, {"number": number, "fault": "unsendable", "text": str(failure)})


def leave_for_torch(_: Any = None) -> NoReturn:
    """The client asks a worker that has torch instead."""
    os._exit(modules.NEEDS_TORCH)


def _rng(recipe: dict[str, Any]) -> np.random.Generator:
    seed, zeros = recipe["seed"], recipe["zeros"]
    if recipe["bit_generator"] == "MT19937":
        mersenne = np.random.MT19937(seed)
        if zeros:
            state: dict[str, Any] = dict(mersenne.state)
            key = np.array(state["state"]["key"])
            # A double takes two 32-bit outputs, and tempering maps a zero word to a zero output.
            key[: 2 * zeros] = 0
            mersenne.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": 0}}
        return np.random.Generator(mersenne)
    permuted = np.random.PCG64(seed)
    if zeros or recipe["largest"]:
        _step_to(permuted, 0 if zeros else (1 << 64) - 1)
    return np.random.Generator(permuted)


def _step_to(generator: np.random.PCG64, stepped: int) -> None:
    """Set the state so that it is `stepped` after the next step. The output XORs its halves: all bits are 0 for 0, and 1 where one half is ones."""
    multiplier = 0x2360ED051FC65DA44385DF649FCCF645
    state: dict[str, Any] = dict(generator.state)
    increment = state["state"]["inc"]
    previous = ((stepped - increment) * pow(multiplier, -1, 1 << 128)) % (1 << 128)
    generator.state = {"bit_generator": "PCG64", "state": {"state": previous, "inc": increment}, "has_uint32": 0, "uinteger": 0}


def noted(recipes: tuple[Any, ...], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copies of the arguments as plain data; of generators and callables there is none."""
    return tuple(
        None if isinstance(recipe, Tagged) and recipe.kind in OPAQUE else plain(argument) for recipe, argument in zip(recipes, arguments, strict=True)
    )


def changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of what `noted` told before and after: the arguments as the calls left them, None where they left them alone, which is nearly always."""
    return tuple(None if _same(*pair) else pair[1] for pair in zip(before, after, strict=True))


def _same(before: Any, after: Any) -> bool:
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        return (before.shape, before.dtype) == (after.shape, after.dtype) and before.tobytes() == after.tobytes()
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before is after or before == after)


class Worker:
    """One exercise, loaded once, in a process that has not loaded torch."""

    recipes: ClassVar[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
        {"rng": _rng, "probe": PROBES.__getitem__, "tensor": leave_for_torch, "torch_generator": leave_for_torch}
    )

    def __init__(self) -> None:
        self.module: ModuleType | None = None
        self.paths: frozenset[str] = frozenset()
        self.cell_failures: dict[str, BaseException] = {}

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Import the exercise's module; a failed import is described like any other failure."""
        exercises, helpers = (
            {name: (path, modules.unpack(code)) for name, (path, code) in request[kind].items()} for kind in ("exercises", "helpers")
        )
        self.paths = frozenset(path for path, _ in [*exercises.values(), *helpers.values()])
        self.cell_failures = modules.install(exercises, helpers, request["packages"])
        self.module = importlib.import_module(request["exercise"])
        return {"cells": {place: self.describe(failure) for place, failure in list(self.cell_failures.items())[:MOST_FRAMES]}}

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function several times with the same argument objects."""
        function = self.function(request["function"])
        if function is None:
            return {"fault": "missing"}
        recipes, repeat = request["arguments"], range(request["repeat"])
        tensors = any(isinstance(recipe, Tagged) and recipe.kind == "tensor" for recipe in recipes)
        arguments = self.resolve(recipes)
        keywords = {name: self.resolve(value) for name, value in request["keywords"].items()}
        if request["seed"] is not None:
            self.seed(request["seed"])
        if not request["afterwards"]:
            values = [plain(function(*arguments, **keywords), tensors=tensors) for _ in repeat]
            return {"values": bundled(values), "arguments": (), "touched": []}
        before, states = noted(recipes, arguments), self.states()
        values = [plain(function(*arguments, **keywords), tensors=tensors) for _ in repeat]
        return {"values": bundled(values), "arguments": changed(before, noted(recipes, arguments)), "touched": self.touched(states)}

    def gradients(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # a worker with torch looks at it
        """Not here."""
        leave_for_torch()

    def function(self, name: str) -> Any:
        """What the exercise calls by that name; None if there is no such thing."""
        return getattr(self.module, name, None)

    def resolve(self, argument: Any) -> Any:
        """Turn recipes into the objects a student's function receives; other plain data passes as it is."""
        if isinstance(argument, tuple):
            return tuple(map(self.resolve, argument))
        if isinstance(argument, list):
            return list(map(self.resolve, argument))
        return self.recipes[argument.kind](argument.value) if isinstance(argument, Tagged) else argument

    def seed(self, seed: int) -> None:
        """Seed the global generators, so that a run can be repeated."""
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002  # it is the legacy global state that student code may touch

    def states(self) -> dict[str, Any]:
        """The states of the global generators."""
        legacy: Any = np.random.get_state(legacy=False)  # noqa: NPY002  # as above
        return {"python": random.getstate(), "numpy": (legacy["state"]["key"].tobytes(), legacy["state"]["pos"], legacy["has_gauss"])}

    def touched(self, before: dict[str, Any]) -> list[str]:
        """Which of the states have changed."""
        after = self.states()
        return [name for name, state in before.items() if after[name] != state]

    def describe(self, failure: BaseException) -> dict[str, Any]:
        """An exception as data: its type, its message and where in the submission it passed, innermost last."""
        if isinstance(failure, NotImplementedError):
            fault = "not_implemented"
        elif isinstance(failure, MemoryError) or "can't allocate memory" in _text(failure):
            fault = "memory"
        else:
            fault = "error"
        frames = []
        trace = failure.__traceback__
        while trace is not None:
            path = trace.tb_frame.f_code.co_filename
            if path in self.paths or path.partition(", cell ")[0] in self.paths:
                frames.append((path, trace.tb_lineno, trace.tb_frame.f_code.co_name))
            trace = trace.tb_next
        if isinstance(failure, SyntaxError) and isinstance(failure.filename, str):
            number = failure.lineno if isinstance(failure.lineno, int) else 0
            frames.append((failure.filename, number, ""))
        return {"fault": fault, "type": type(failure).__name__[:LONGEST_NAME], "text": _text(failure), "frames": frames[-MOST_FRAMES:]}


def _text(failure: BaseException) -> str:
    try:
        text = failure.msg if isinstance(failure, SyntaxError) else str(failure)
        return str.__str__(text)[:LONGEST_TEXT]
    except BaseException:  # noqa: BLE001  # __str__ is the student's code as well
        return ""
