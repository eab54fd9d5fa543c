"""The data-only protocol between the trusted client and a sandboxed worker.

A frame is a fixed prefix (length of the header, length of the payload), a JSON header and a payload of raw little-endian array bytes:

    | header bytes: u32 | payload bytes: u64 | header: JSON | payload |

The header is a tree of nodes. JSON's own null, true/false, numbers and strings stand for themselves; everything else is an object with one key:

    {"a": [dtype, shape]}   array, its bytes next in the payload        {"g": [dtype]}  NumPy scalar, likewise
    {"n": [dtype, length]}  flat list of Python floats or ints          {"y": length}   bytes
    {"l": [node, ...]}      list                                        {"t": [...]}    tuple
    {"s": [dtype, shape]}   list of equal arrays: the shape begins with their number
    {"d": {key: node}}      dict with string keys                       {"x": [kind, node]}  `Tagged`, a meaning both sides agree on

There is nothing in this language that could run code, name a class or refer outside the frame. Whatever comes from a worker is hostile until `decode`
returns: lengths are checked before a byte is allocated, depth and node count are bounded, dtypes come from a fixed list, and the payload must be used
up exactly. Anything else is a `WireError`, which the client turns into the student's `crashed`.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

PREFIX = struct.Struct("<IQ")
MAXIMUM_HEADER = 4 << 20
MAXIMUM_PAYLOAD = 8 << 20  # ten times the largest honest answer; a check may hold a dozen answers at once
MAXIMUM_REQUEST = 256 << 20  # from the trusted side: a whole submission, which intake has bounded
MAXIMUM_NODES = 200_000
MAXIMUM_DEPTH = 16
MAXIMUM_DIMENSIONS = 32
DTYPES: dict[str, np.dtype[Any]] = {"<f8": np.dtype("<f8"), "<f4": np.dtype("<f4"), "<i8": np.dtype("<i8"), "|b1": np.dtype("|b1")}
INTEGER_LIMIT = 1 << 63
SHORTEST_PACKED_LIST = 8


class WireError(Exception):
    """A frame that is no frame of this protocol, or a value that has no place in it."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with an agreed meaning, such as the recipe for a generator."""

    kind: str
    value: Any


def fits(shape: tuple[int, ...], item_bytes: int = 8) -> bool:
    """Whether arrays of such a shape are small enough, even those that an axis of length 0 makes empty: a sum over it makes giants of them."""
    return math.prod(max(size, 1) for size in shape) * item_bytes <= MAXIMUM_PAYLOAD


def encode(value: object, largest: int = MAXIMUM_PAYLOAD) -> list[bytes]:
    """The frame's pieces, ready for `sendmsg`.

    Raises:
        WireError: the value is not made of plain data, or exceeds the protocol's bounds.
    """
    payload: list[bytes] = []
    header = json.dumps(_node(value, payload, 0)).encode("ascii")
    size = sum(len(piece) for piece in payload)
    if len(header) > MAXIMUM_HEADER or size > largest:
        raise WireError("value too large")
    return [PREFIX.pack(len(header), size), header, *payload]


def _node(value: Any, payload: list[bytes], depth: int) -> Any:
    if depth > MAXIMUM_DEPTH:
        raise WireError("value nested too deeply")
    if isinstance(value, np.generic):
        return {"g": [_append(np.asarray(value), payload)]}
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise WireError(f"no place for a {type(value).__name__}")
    return writer(value, payload, depth)


def _int_node(value: int, payload: list[bytes], depth: int) -> Any:  # noqa: ARG001  # a row of the writers' table
    if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
        raise WireError("integer beyond 64 bits")
    return value


def _bytes_node(value: bytes, payload: list[bytes], depth: int) -> Any:  # noqa: ARG001  # as above
    payload.append(value)
    return {"y": len(value)}


def _list_node(value: list[Any], payload: list[bytes], depth: int) -> Any:
    """A list of numbers of one type, or of arrays of one dtype and shape, travels as one block: draws come by hundreds and thousands."""
    if len(value) >= SHORTEST_PACKED_LIST:
        kinds = set(map(type, value))
        if kinds == {np.ndarray} and len({(array.dtype, array.shape) for array in value}) == 1:
            stack = np.stack(value)
            return {"s": [_append(stack, payload), list(stack.shape)]}
        if kinds == {float} or (kinds == {int} and all(-INTEGER_LIMIT <= item < INTEGER_LIMIT for item in value)):
            return {"n": [_append(np.array(value), payload), len(value)]}
    return {"l": [_node(item, payload, depth + 1) for item in value]}


_WRITERS: dict[type, Callable[[Any, list[bytes], int], Any]] = {
    type(None): lambda value, payload, depth: value,
    bool: lambda value, payload, depth: value,
    str: lambda value, payload, depth: value,
    float: lambda value, payload, depth: value,
    int: _int_node,
    bytes: _bytes_node,
    list: _list_node,
    np.ndarray: lambda value, payload, depth: {"a": [_append(value, payload), list(value.shape)]},
    tuple: lambda value, payload, depth: {"t": [_node(item, payload, depth + 1) for item in value]},
    dict: lambda value, payload, depth: {"d": {str(key): _node(item, payload, depth + 1) for key, item in value.items()}},
    Tagged: lambda value, payload, depth: {"x": [value.kind, _node(value.value, payload, depth + 1)]},
}


def _append(array: np.ndarray[Any, Any], payload: list[bytes]) -> str:
    name = str(array.dtype.newbyteorder("<").str)
    if name not in DTYPES:
        raise WireError(f"no place for dtype {array.dtype}")
    payload.append(array.astype(DTYPES[name], copy=False).tobytes())
    return name


def decode(header: bytes, payload: bytes | bytearray) -> Any:
    """The value of a frame. Arrays own their memory and are writable.

    Raises:
        WireError: for anything that `encode` would not have written.
    """
    try:
        tree = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise WireError("header is no JSON") from error
    reader = _Reader(memoryview(payload))
    value = reader.value(tree, 0)
    if reader.offset != len(payload):
        raise WireError("payload longer than announced")
    return value


class _Reader:
    """Walks the header's tree and consumes the payload in step."""

    def __init__(self, payload: memoryview) -> None:
        self.payload = payload
        self.offset = 0
        self.nodes = 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAXIMUM_DEPTH or self.nodes > MAXIMUM_NODES:
            raise WireError("too deep or too many nodes")
        if node is None or isinstance(node, (bool, str, float)):
            return node
        if isinstance(node, int):
            if not -INTEGER_LIMIT <= node < INTEGER_LIMIT:
                raise WireError("integer beyond 64 bits")
            return node
        if not isinstance(node, dict) or len(node) != 1:
            raise WireError("no such node")
        [(kind, body)] = node.items()
        return self._compound(kind, body, depth)

    def _compound(self, kind: str, body: Any, depth: int) -> Any:
        if kind == "y":
            return bytes(self._take(_length(body)))
        if kind == "d" and isinstance(body, dict):
            return {key: self.value(item, depth + 1) for key, item in body.items()}
        if not isinstance(body, list):
            raise WireError("no such node")
        if kind in ("l", "t"):
            items = [self.value(item, depth + 1) for item in body]
            return items if kind == "l" else tuple(items)
        if kind == "x" and len(body) == 2 and isinstance(body[0], str):
            return Tagged(body[0], self.value(body[1], depth + 1))
        if kind == "a" and len(body) == 2 and isinstance(body[1], list):
            return self._array(body[0], tuple(_length(item) for item in body[1]))
        if kind == "s" and len(body) == 2 and isinstance(body[1], list) and body[1]:
            return self._stack(body[0], tuple(_length(item) for item in body[1]))
        if kind == "n" and len(body) == 2:
            return self._array(body[0], (_length(body[1]),)).tolist()
        if kind == "g" and len(body) == 1:
            return self._array(body[0], ())[()]
        raise WireError("no such node")

    def _stack(self, name: Any, shape: tuple[int, ...]) -> list[np.ndarray[Any, Any]]:
        self.nodes += shape[0]
        if self.nodes > MAXIMUM_NODES:
            raise WireError("too many nodes")
        # One of a single element would be a NumPy scalar; arrays of no axes stay arrays.
        return [np.asarray(array) for array in self._array(name, shape)]

    def _array(self, name: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        if not isinstance(name, str) or name not in DTYPES or len(shape) > MAXIMUM_DIMENSIONS:
            raise WireError("no such array")
        if not fits(shape, DTYPES[name].itemsize):
            raise WireError("an absurd shape")
        piece = self._take(math.prod(shape) * DTYPES[name].itemsize)
        return np.frombuffer(piece, dtype=DTYPES[name]).reshape(shape).copy()

    def _take(self, length: int) -> memoryview:
        if length > len(self.payload) - self.offset:
            raise WireError("payload shorter than announced")
        piece = self.payload[self.offset : self.offset + length]
        self.offset += length
        return piece


def _length(value: Any) -> int:
    if type(value) is not int or not 0 <= value < INTEGER_LIMIT:
        raise WireError("no such length")
    return value


def send(channel: socket.socket, value: object, largest: int = MAXIMUM_PAYLOAD) -> None:
    """Write one frame of at most `largest` bytes of payload. `OSError` (a peer that died) passes through."""
    pieces = encode(value, largest)
    channel.sendall(b"".join(pieces))


def receive(channel: socket.socket, seconds: float | None = None, largest: int = MAXIMUM_PAYLOAD) -> Any:
    """Read one frame.

    Args:
        channel: a connected stream socket.
        seconds: for the whole frame, not for each piece of it; None waits for ever.
        largest: payload, bytes.

    Raises:
        TimeoutError: the frame was not complete in time.
        EOFError: the peer closed the connection.
        WireError: what came is no frame.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    header_length, payload_length = PREFIX.unpack(_exactly(channel, PREFIX.size, deadline))
    if header_length > MAXIMUM_HEADER or payload_length > largest:
        raise WireError("frame too large")
    header = _exactly(channel, header_length, deadline)
    return decode(bytes(header), _exactly(channel, payload_length, deadline))


def _exactly(channel: socket.socket, length: int, deadline: float | None) -> bytearray:
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        if deadline is not None:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            channel.settimeout(remaining)
        try:
            count = channel.recv_into(view[filled:])
        except ConnectionError as error:
            raise EOFError from error
        if count == 0:
            raise EOFError
        filled += count
    return buffer
