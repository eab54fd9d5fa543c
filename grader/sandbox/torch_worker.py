"""The worker in a process that has loaded torch: tensors and their gradients."""

from __future__ import annotations

import importlib
import signal
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import torch

from grader.sandbox import modules
from grader.sandbox.plain import OTHER_TYPES, plain, plain_array, refused
from grader.sandbox.wire import Tagged, fits
from grader.sandbox.worker import Worker, changed, noted

INTEGERS = (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8)

# Captured before student code can replace them.
_engine_run_backward = torch.autograd.variable.Variable._execution_engine.run_backward  # type: ignore[attr-defined]  # torch's stubs lack it
_torch_apply = torch.autograd.Function.apply.__func__  # type: ignore[attr-defined]  # a classmethod's underlying function
_no_grad = torch.no_grad
_tensor = torch.tensor
_is_tensor = torch.is_tensor
_generator = torch.Generator
_default_generator = torch.default_generator


def _torch_generator(seed: int) -> torch.Generator:
    return _generator().manual_seed(seed)


def _torch_tensor(recipe: tuple[np.ndarray[Any, Any], bool]) -> torch.Tensor:
    return _tensor(recipe[0], requires_grad=recipe[1])


class TorchWorker(Worker):
    """One exercise, loaded once, with torch."""

    recipes: ClassVar[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
        {**Worker.recipes, "tensor": _torch_tensor, "torch_generator": _torch_generator}
    )

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Import the exercise's module."""
        # The fork server has called it already, and a second call is an error; one thread has to do here anyway.
        torch.set_num_interop_threads = lambda nthreads: None
        restore = partial(signal.signal, signal.SIGILL, signal.SIG_DFL)
        answer = super().load(request)
        sources = request["exercises"][request["exercise"]], *request["helpers"].values()
        if any(modules.mentions(modules.unpack(code), "torch.func") for _, code in sources):
            # Its first use imports for more than a second, which is the file's loading and not the call's fault.
            importlib.import_module("torch._dynamo")
        restore()  # a handler of the file's own would return to closed autograd's first instruction, for ever
        return answer

    def gradients(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a torch function, then pull cotangents back through the graph it built."""
        function = self.function(request["function"])
        if function is None:
            return {"fault": "missing"}
        recipes, arguments = request["arguments"], self.resolve(request["arguments"])
        before = noted(recipes, arguments)
        leaves = [argument for argument in arguments if _is_tensor(argument) and argument.requires_grad]
        overridden: list[str] = []
        if request["kind"] == "autograd_function":
            overridden = _overridden(function)
            value = None if overridden else _torch_apply(function, *arguments)
            if request["meanwhile"] and not overridden:
                _torch_apply(function, *self.resolve(request["meanwhile"]))
            pulled, after = _pull_class(value, request["cotangents"])
        else:
            value = function(*arguments)
            pulled, after = [_pull(value, leaves, cotangent) for cotangent in request["cotangents"]], []
        return {
            "value": plain(value, tensors=True),
            "gradients": pulled,
            "cotangents": after,
            "arguments": changed(before, noted(recipes, arguments)),
            "overridden": overridden,
        }

    def seed(self, seed: int) -> None:
        """Torch's default generator as well."""
        super().seed(seed)
        # Not `torch.manual_seed`: for every accelerator that there might be, it notes down the whole stack, which takes longer than most calls.
        _default_generator.manual_seed(seed)

    def states(self) -> dict[str, Any]:
        """Of torch's default generator as well."""
        return super().states() | {"torch": _default_generator.get_state().numpy().tobytes()}


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


def _pull_class(value: Any, cotangents: list[np.ndarray[Any, Any]]) -> tuple[list[Any], list[Any]]:
    """What the class's `backward` returns for each cotangent, one entry for each of forward's arguments; and what became of the cotangents."""
    node = getattr(value, "grad_fn", None)
    if not _is_tensor(value) or node is None or not hasattr(node, "_forward_cls") or any(value.shape != cotangent.shape for cotangent in cotangents):
        return [() for _ in cotangents], []
    arriving = [_tensor(cotangent, dtype=value.dtype) for cotangent in cotangents]
    with _no_grad():
        # As torch does it: only a tuple holds several gradients, a list is one value (and no tensor).
        returned = [entries if isinstance(entries := node.apply(tensor), tuple) else (entries,) for tensor in arriving]
        return [tuple(map(_plain_entry, entries)) for entries in returned], [plain(tensor) for tensor in arriving]


def _plain_entry(entry: Any) -> Any:
    return None if entry is None else plain(entry) if _is_tensor(entry) else refused(f"a {type(entry).__name__} where a tensor is needed")


def _plain_tensor(value: torch.Tensor, tensors: bool) -> Any:
    if value.layout is not torch.strided or value.device.type != "cpu" or value.is_quantized:
        return refused(f"a tensor that is not an ordinary CPU tensor ({value.layout}, {value.device.type})")
    if not fits(tuple(value.shape)):
        return refused("a tensor far too large")
    if not (value.dtype.is_floating_point or value.dtype in INTEGERS):
        return refused(f"a tensor of dtype {value.dtype}")
    dtype = str(value.dtype).removeprefix("torch.")
    data = value.detach()
    array = plain_array(data.to(torch.float64).numpy() if dtype in ("bfloat16", "float16") else data.resolve_neg().numpy())
    return Tagged("tensor", (array, dtype, bool(value.requires_grad))) if tensors else array


OTHER_TYPES.append((torch.Tensor, _plain_tensor))
