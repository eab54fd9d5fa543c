"""The only file that runs student code: a loop that loads one exercise and answers requests about its functions with plain data.

Runs in a process of its own, forked from the zygote and locked down before the first byte of a submission arrives. It observes and never judges: no
expected value, check or solution is in its reach, so there is nothing here worth stealing and no verdict to forge. What it sends may
be forged all the same (student code shares this process), and the client treats it so.

Requests are dicts: `{"op": "load", ...}`, `{"op": "call", ...}`, `{"op": "gradients", ...}`; each carries a `number` that the answer repeats.
"""

from __future__ import annotations

import importlib
import os
import random
import socket
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import torch

from grader.sandbox import modules, no_autograd, wire
from grader.sandbox.plain import plain, refused
from grader.sandbox.probes import PROBES
from grader.sandbox.wire import Tagged

MOST_FRAMES = 6
LONGEST_TEXT = 1_000
LONGEST_NAME = 200

# Captured before student code can replace them.
_engine_run_backward = torch.autograd.variable.Variable._execution_engine.run_backward  # type: ignore[attr-defined]  # torch's stubs lack it
_torch_apply = torch.autograd.Function.apply.__func__  # type: ignore[attr-defined]  # a classmethod's underlying function
_no_grad = torch.no_grad
_tensor = torch.tensor
_is_tensor = torch.is_tensor
_generator = torch.Generator
_default_generator = torch.default_generator


def serve(channel: socket.socket, gate: no_autograd.Gate) -> None:
    """Say that the lock-down stands, then answer requests until the client closes the connection."""
    wire.send(channel, {"number": 0})
    # Real files: what is printed goes nowhere, and `sys.stdout.reconfigure`, `.buffer` and `.fileno` are there for those who want them.
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  # open for the life of the process
    sys.stdout = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115  # as above
    sys.stderr = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115  # as above
    # The fork server has called it already, and a second call is an error; one thread has to do here anyway.
    torch.set_num_interop_threads = lambda nthreads: None
    worker = _Worker(gate)
    handlers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"load": worker.load, "call": worker.call, "gradients": worker.gradients}
    while True:
        try:
            request = wire.receive(channel, largest=wire.MAXIMUM_REQUEST)
        except EOFError:
            return
        try:
            answer = handlers[request["op"]](request)
        except BaseException as failure:  # noqa: BLE001  # whatever student code throws, SystemExit included, is an answer
            answer = worker.describe(failure)
        answer["number"] = request["number"]
        try:
            wire.send(channel, answer)
        except wire.WireError as failure:
            wire.send(channel, {"number": request["number"], "fault": "unsendable", "text": str(failure)})


class _Worker:
    """One exercise, loaded once."""

    def __init__(self, gate: no_autograd.Gate) -> None:
        self.gate = gate
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
        _seed(request["seed"])
        arm, gate = no_autograd.arm, self.gate  # before the module could replace them
        self.module = importlib.import_module(request["exercise"])
        if any(_mentions_torch_func(code) for _, code in [*exercises.values(), *helpers.values()]):
            # Its first use imports for more than a second, which is the file's loading and not the call's fault.
            importlib.import_module("torch._dynamo")
        if request["manual"]:
            arm(gate)  # from here on whoever enters autograd dies, and the client reads the signal as `forbidden`
        return {"cells": {place: self.describe(failure) for place, failure in list(self.cell_failures.items())[:MOST_FRAMES]}}

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a function several times with the same argument objects."""
        function = self._function(request["function"])
        if function is None:
            return {"fault": "missing"}
        tensors = _mentions_tensor(request["arguments"])
        arguments = tuple(resolve(argument) for argument in request["arguments"])
        keywords = {name: resolve(value) for name, value in request["keywords"].items()}
        before = _seed(request["seed"])
        values = [plain(function(*arguments, **keywords), tensors=tensors) for _ in range(request["repeat"])]
        return {"values": values, "arguments": _afterwards(request["arguments"], arguments), "touched": _touched(before)}

    def gradients(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a torch function, then pull cotangents back through the graph it built."""
        function = self._function(request["function"])
        if function is None:
            return {"fault": "missing"}
        arguments = tuple(resolve(argument) for argument in request["arguments"])
        leaves = [argument for argument in arguments if _is_tensor(argument) and argument.requires_grad]
        overridden: list[str] = []
        before = _seed(request["seed"])
        if request["kind"] == "autograd_function":
            overridden = _overridden(function)
            value = None if overridden else _torch_apply(function, *arguments)
            pulled = [_pull_class(value, cotangent) for cotangent in request["cotangents"]]
        else:
            value = function(*arguments)
            pulled = [_pull(value, leaves, cotangent) for cotangent in request["cotangents"]]
        return {
            "value": plain(value, tensors=True),
            "gradients": pulled,
            "arguments": _afterwards(request["arguments"], arguments),
            "touched": _touched(before),
            "overridden": overridden,
        }

    def _function(self, name: str) -> Any:
        return getattr(self.module, name, None)

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


def resolve(argument: Any) -> Any:
    """Turn a recipe into the object a student's function receives; other plain data passes as it is."""
    if isinstance(argument, tuple):
        return tuple(resolve(item) for item in argument)
    if isinstance(argument, list):
        return [resolve(item) for item in argument]
    if not isinstance(argument, Tagged):
        return argument
    return _RECIPES[argument.kind](argument.value)


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
    if zeros:
        _make_next_output_zero(permuted)
    return np.random.Generator(permuted)


def _make_next_output_zero(generator: np.random.PCG64) -> None:
    """Set the state so that the next 64 bits are 0: the output XORs the two halves of the stepped state, and a state of 0 has equal halves."""
    multiplier = 0x2360ED051FC65DA44385DF649FCCF645
    state: dict[str, Any] = dict(generator.state)
    increment = state["state"]["inc"]
    previous = (-increment * pow(multiplier, -1, 1 << 128)) % (1 << 128)
    generator.state = {"bit_generator": "PCG64", "state": {"state": previous, "inc": increment}, "has_uint32": 0, "uinteger": 0}


def _torch_generator(seed: int) -> torch.Generator:
    return _generator().manual_seed(seed)


def _torch_tensor(recipe: tuple[np.ndarray[Any, Any], bool]) -> torch.Tensor:
    return _tensor(recipe[0], requires_grad=recipe[1])


_RECIPES: dict[str, Callable[[Any], Any]] = {
    "rng": _rng,
    "torch_generator": _torch_generator,
    "tensor": _torch_tensor,
    "probe": PROBES.__getitem__,
}


def _mentions_torch_func(code: modules.Code) -> bool:
    return b"torch.func" in code if isinstance(code, bytes) else any("torch.func" in cell for cell in code)


def _mentions_tensor(arguments: Any) -> bool:
    return any(isinstance(argument, Tagged) and argument.kind == "tensor" for argument in arguments)


def _afterwards(recipes: tuple[Any, ...], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments as the calls left them; generators and callables have no such thing."""
    opaque = ("rng", "torch_generator", "probe")
    return tuple(
        None if isinstance(recipe, Tagged) and recipe.kind in opaque else plain(argument) for recipe, argument in zip(recipes, arguments, strict=True)
    )


def _seed(seed: int) -> tuple[Any, ...]:
    """Seed the global generators, so that a run can be repeated; returns their states."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  # it is the legacy global state that student code may touch
    # Not `torch.manual_seed`: for every accelerator that there might be, it notes down the whole stack, which takes longer than most calls.
    _default_generator.manual_seed(seed)
    return _states()


def _states() -> tuple[Any, ...]:
    legacy: Any = np.random.get_state(legacy=False)  # noqa: NPY002  # as above
    return random.getstate(), (legacy["state"]["key"].tobytes(), legacy["state"]["pos"], legacy["has_gauss"]), torch.get_rng_state().numpy().tobytes()


def _touched(before: tuple[Any, ...]) -> list[str]:
    return [name for name, old, new in zip(("python", "numpy", "torch"), before, _states(), strict=True) if old != new]


def _pull(value: Any, leaves: list[torch.Tensor], cotangent: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    """Gradients of sum(cotangent * value) for the leaves, None where no path leads to one."""
    if not _is_tensor(value) or not value.requires_grad or value.shape != cotangent.shape:
        return tuple(None for _ in leaves)
    seed = _tensor(cotangent, dtype=value.dtype)
    found = _engine_run_backward((value,), (seed,), True, False, tuple(leaves), allow_unreachable=True, accumulate_grad=False)
    return tuple(plain(gradient) for gradient in found)


def _overridden(function: Any) -> list[str]:
    """What keeps a class from being an ordinary `torch.autograd.Function` whose `apply` is torch's own."""
    if not isinstance(function, type) or not issubclass(function, torch.autograd.Function):
        return ["not an autograd.Function"]
    own = [vars(base) for base in type.mro(function) if base not in torch.autograd.Function.__mro__]
    return [name for name in ("apply",) if any(name in names for names in own)]


def _pull_class(value: Any, cotangent: np.ndarray[Any, Any]) -> Any:
    """What the class's `backward` returns for a cotangent, one entry for each of forward's arguments."""
    node = getattr(value, "grad_fn", None)
    if not _is_tensor(value) or node is None or not hasattr(node, "_forward_cls") or value.shape != cotangent.shape:
        return ()
    with _no_grad():
        returned = node.apply(_tensor(cotangent, dtype=value.dtype))
    # As torch does it: only a tuple holds several gradients, a list is one value (and no tensor).
    entries = returned if isinstance(returned, tuple) else (returned,)
    return tuple(
        None if entry is None else plain(entry) if _is_tensor(entry) else refused(f"a {type(entry).__name__} where a tensor is needed")
        for entry in entries
    )
