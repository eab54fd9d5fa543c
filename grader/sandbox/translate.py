"""Between the words of the checks and those of the wire: requests and programs on their way in, observations on their way out.

A worker's answer is hostile: what does not have the shape of an answer is None here, which the client calls a broken protocol.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from grader.model import Program
from grader.observation import Call, GradientObservation, Observation, Probe, Pull, Refused, Request, Rng, Tensor, TensorValue, TorchGenerator
from grader.sandbox import modules, wire
from grader.sandbox.messages import clean
from grader.unit import Unit


def load(program: Program, unit: Unit) -> dict[str, Any]:
    """The request to load a program. Exercises keep their names against installed packages of the same name; helpers do not."""
    names = {exercise.name for exercise in unit.exercises}
    sources = {program.exercise: program.source, **{name: source for name, source in program.modules.items() if name != program.exercise}}
    parts: dict[str, dict[str, Any]] = {"exercises": {}, "helpers": {}}
    for name, source in sources.items():
        parts["exercises" if name in names else "helpers"][name] = (source.path, modules.pack(source.code))
    return {"op": "load", "exercise": program.exercise, "packages": sorted(program.packages), **parts}


# Hundreds of draws at a time have one of these.
USUAL_DTYPES = frozenset({"float32", "float64"})
# What every student is asked alike is made ready once, and forgotten with the request.
_READY: WeakKeyDictionary[Request, dict[str, wire.Encoded]] = WeakKeyDictionary()


def encoded(function: str, kind: str, asked: Request) -> wire.Encoded:
    """A request for the wire, encoded; `kind` as in the catalogue."""
    ready = _READY.setdefault(asked, {})
    if function not in ready:
        ready[function] = wire.encoded(request(function, kind, asked))
    return ready[function]


def request(function: str, kind: str, asked: Request) -> dict[str, Any]:
    """A request for the wire; `kind` as in the catalogue."""
    arguments = _to_wire(asked.arguments)
    if isinstance(asked, Pull):
        pulled = {"cotangents": list(asked.cotangents), "meanwhile": _to_wire(asked.meanwhile)}
        return {"op": "gradients", "function": function, "kind": kind, "arguments": arguments, **pulled}
    keywords = {name: _to_wire(value) for name, value in asked.keywords.items()}
    named = {"function": function, "arguments": arguments, "keywords": keywords}
    return {"op": "call", **named, "repeat": asked.repeat, "afterwards": asked.afterwards, "seed": asked.seed}


def observation(asked: Request, answer: dict[str, Any]) -> Observation | GradientObservation | None:
    """What a worker answered; None if it is no answer to that request."""
    arguments_after = answer.get("arguments")
    told = isinstance(asked, Pull) or asked.afterwards
    if not isinstance(arguments_after, tuple) or len(arguments_after) != (len(asked.arguments) if told else 0):
        return None
    arguments = tuple(map(_from_wire, arguments_after))
    if isinstance(asked, Call):
        values = _unbundled(answer.get("values"))
        if not isinstance(values, list) or len(values) != asked.repeat:
            return None
        return Observation(tuple(map(_from_wire, values)), arguments, _names(answer.get("touched")))
    pulled = answer.get("gradients")
    if not isinstance(pulled, list) or len(pulled) != len(asked.cotangents) or "value" not in answer:
        return None
    if not all(isinstance(row, tuple) for row in pulled):
        return None
    gradients = tuple(tuple(map(_from_wire, row)) for row in pulled)
    cotangents = answer.get("cotangents")
    after = tuple(map(_from_wire, cotangents)) if isinstance(cotangents, list) else ()
    return GradientObservation(_from_wire(answer["value"]), gradients, arguments, _names(answer.get("overridden")), after)


def _to_wire(value: Any) -> Any:
    """Recipes as tagged data; everything else is plain already."""
    if isinstance(value, Rng):
        return wire.Tagged("rng", {"seed": value.seed, "bit_generator": value.bit_generator, "zeros": value.zeros, "largest": value.largest})
    if isinstance(value, TorchGenerator):
        return wire.Tagged("torch_generator", value.seed)
    if isinstance(value, Tensor):
        return wire.Tagged("tensor", (np.asarray(value.value), value.requires_grad))
    if isinstance(value, Probe):
        return wire.Tagged("probe", value.name)
    if isinstance(value, (tuple, list)):
        return type(value)(_to_wire(item) for item in value)
    return value


def _unbundled(values: Any) -> Any:
    """Tensors that came as one are many again; they are read as any other values."""
    if isinstance(values, wire.Tagged) and values.kind == "tensors" and isinstance(values.value, tuple) and len(values.value) == 3:
        arrays, dtype, has_graph = values.value
        if isinstance(arrays, list):
            return [wire.Tagged("tensor", (array, dtype, has_graph)) for array in arrays]
    return values


def _from_wire(value: Any) -> Any:
    """The worker's plain data in the checks' words. A tag that is none of ours is a refused value."""
    if isinstance(value, wire.Tagged):
        if value.kind == "tensor" and isinstance(value.value, tuple) and len(value.value) == 3:
            array, dtype, has_graph = value.value
            if _is_array(array) and isinstance(dtype, str) and isinstance(has_graph, bool):
                return TensorValue(array, dtype if dtype in USUAL_DTYPES else clean(dtype, 40), has_graph)
        return Refused(clean(value.value, 200) or "something that is no number")
    if isinstance(value, (tuple, list)):
        return type(value)(_from_wire(item) for item in value)
    number = isinstance(value, (float, int)) and not isinstance(value, bool)
    return value if value is None or number or _is_array(value) else Refused("something that is no number")


def _is_array(value: Any) -> bool:
    """Of numbers: an honest worker refuses truth values, with which the checks could not calculate."""
    return isinstance(value, np.ndarray) and value.dtype != np.bool_


def _names(value: Any) -> frozenset[str]:
    return frozenset(clean(item, 60) for item in value) if isinstance(value, list) else frozenset()
