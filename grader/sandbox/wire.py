"""The data-only protocol between the trusted client and a sandboxed worker.

A frame is a fixed prefix (length of the header, length of the payload), a JSON header and a payload of raw little-endian array bytes:

    | header bytes: u32 | payload bytes: u64 | header: JSON | payload |

The header is a tree. JSON's own null, true/false, numbers, strings and lists stand for themselves; everything else is an object with one key:

    {"a": [dtype, shape]}   array, its bytes next in the payload        {"g": [dtype]}  NumPy scalar, likewise
    {"n": [dtype, length]}  flat list of Python floats or ints          {"y": [length]} bytes
    {"s": [dtype, shape]}   list of equal arrays: the shape begins with their number
    {"t": [node, ...]}      tuple                                       {"x": [kind, node]}  `Tagged`, a meaning both sides agree on
    {"d": [key, node, ...]} dict with string keys, each followed by its value

There is nothing in this language that could run code, name a class or refer outside the frame. Whatever comes from a worker is hostile until `decode`
returns: lengths are checked before a byte is allocated, depth and node count are bounded, dtypes come from a fixed list, and the payload must be used
up exactly. Anything else is a `WireError`, which the client turns into the student's `crashed`.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grader.sandbox.patience import Patience

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
READ_AHEAD = 1 << 16


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


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value as it travels: its part of a header, and its part of a payload. What is asked of every student alike is encoded once."""

    header: str
    payload: bytes


def encoded(value: object) -> Encoded:
    """Encode a value.

    Raises:
        WireError: the value is not made of plain data.
    """
    payload: list[bytes] = []
    header = json.dumps(_node(value, payload, 0))
    return Encoded(header, b"".join(payload))


def several(fixed: Mapping[str, int], key: str, values: Sequence[Encoded]) -> Encoded:
    """The dict of some numbers and, under one key more, a list of encoded values."""
    head = "".join(f'"{name}", {number}, ' for name, number in fixed.items())
    return Encoded(f'{{"d": [{head}"{key}", [{", ".join(value.header for value in values)}]]}}', b"".join(value.payload for value in values))


def framed(value: Encoded, largest: int = MAXIMUM_PAYLOAD) -> bytes:
    """The whole frame.

    Raises:
        WireError: the value exceeds the protocol's bounds.
    """
    header = value.header.encode("ascii")
    if len(header) > MAXIMUM_HEADER or len(value.payload) > largest:
        raise WireError("value too large")
    return b"".join((PREFIX.pack(len(header), len(value.payload)), header, value.payload))


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
    return {"y": [len(value)]}


def _list_node(value: list[Any], payload: list[bytes], depth: int) -> Any:
    """A list of numbers of one type, or of arrays of one dtype and shape, travels as one block: draws come by hundreds and thousands."""
    if len(value) >= SHORTEST_PACKED_LIST:
        kinds = set(map(type, value))
        if kinds == {np.ndarray} and len({(array.dtype, array.shape) for array in value}) == 1:
            stack = np.stack(value)
            return {"s": [_append(stack, payload), list(stack.shape)]}
        if kinds == {float} or (kinds == {int} and all(-INTEGER_LIMIT <= item < INTEGER_LIMIT for item in value)):
            return {"n": [_append(np.array(value), payload), len(value)]}
    return [_node(item, payload, depth + 1) for item in value]


def _dict_node(value: dict[Any, Any], payload: list[bytes], depth: int) -> Any:
    nodes: list[Any] = []
    for key, item in value.items():
        nodes += (str(key), _node(item, payload, depth + 1))
    return {"d": nodes}


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
    dict: _dict_node,
    Tagged: lambda value, payload, depth: {"x": [value.kind, _node(value.value, payload, depth + 1)]},
}


def _append(array: np.ndarray[Any, Any], payload: list[bytes]) -> str:
    name = str(array.dtype.newbyteorder("<").str)
    if name not in DTYPES:
        raise WireError(f"no place for dtype {array.dtype}")
    payload.append(array.astype(DTYPES[name], copy=False).tobytes())
    return name


def decode(header: bytes, payload: bytes | memoryview, *, trusted: bool = False) -> Any:
    """The value of a frame. Arrays own their memory and are writable; `trusted` as for `receive`.

    Raises:
        WireError: for anything that `encoded` would not have written.
    """
    if header.count(b",") > MAXIMUM_NODES:
        raise WireError("too many nodes")
    reader = _Reader(memoryview(payload))
    try:
        value = json.loads(header.decode("ascii"), object_hook=reader.node)
    except (ValueError, RecursionError) as error:
        raise WireError("header is no JSON") from error
    if reader.offset != len(payload):
        raise WireError("payload longer than announced")
    # Only where a bound could be exceeded at all is every node looked at.
    if not trusted and (header.count(b"[") > MAXIMUM_DEPTH or _LONG_NUMBER.search(header)):
        _demand_bounded(value, 0)
    return value


_LONG_NUMBER = re.compile(rb"\d{19}")


def _demand_bounded(value: Any, depth: int) -> None:
    if depth > MAXIMUM_DEPTH:
        raise WireError("too deep")
    if isinstance(value, int):
        if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
            raise WireError("integer beyond 64 bits")
    elif isinstance(value, (list, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            _demand_bounded(item, depth + 1)
    elif isinstance(value, Tagged):
        _demand_bounded(value.value, depth + 1)


class _Reader:
    """Makes values of a header's objects, innermost first, and consumes the payload in step."""

    def __init__(self, payload: memoryview) -> None:
        self.payload = payload
        self.offset = 0
        self.nodes = 0

    def node(self, tree: dict[str, Any]) -> Any:
        if len(tree) != 1:
            raise WireError("no such node")
        [(kind, body)] = tree.items()
        if kind not in _READERS or not isinstance(body, list):
            raise WireError("no such node")
        try:
            return _READERS[kind](self, *body)
        except (TypeError, ValueError) as error:
            raise WireError("no such node") from error  # too few or too many parts

    def take(self, length: Any) -> bytes:
        return bytes(self._take(_length(length)))

    def array(self, name: Any, shape: Any) -> np.ndarray[Any, Any]:
        if not isinstance(shape, list):
            raise WireError("no such shape")
        return self._array(name, tuple(map(_length, shape)))

    def numbers(self, name: Any, length: Any) -> list[Any]:
        self._count(_length(length))
        numbers: list[Any] = self.array(name, [length]).tolist()
        return numbers

    def stack(self, name: Any, shape: Any) -> list[np.ndarray[Any, Any]]:
        stack = self.array(name, shape)
        self._count(len(stack))
        # One of a single element would be a NumPy scalar; arrays of no axes stay arrays.
        return [np.asarray(array) for array in stack]

    def _count(self, more: int) -> None:
        """What a few bytes of header make many of: each takes far more room than the eight bytes it travels in."""
        self.nodes += more
        if self.nodes > MAXIMUM_NODES:
            raise WireError("too many nodes")

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


def _dict(_: _Reader, *nodes: Any) -> dict[str, Any]:
    found = dict(zip(nodes[::2], nodes[1::2], strict=True))
    if not all(isinstance(key, str) for key in found):
        raise WireError("no such key")
    return found


def _tagged(_: _Reader, kind: Any, value: Any) -> Tagged:
    if not isinstance(kind, str):
        raise WireError("no such kind")
    return Tagged(kind, value)


_READERS: dict[str, Callable[..., Any]] = {
    "a": _Reader.array,
    "g": lambda reader, name: reader.array(name, [])[()],
    "n": _Reader.numbers,
    "s": _Reader.stack,
    "y": _Reader.take,
    "t": lambda _, *nodes: nodes,
    "d": _dict,
    "x": _tagged,
}


def send(channel: socket.socket, value: object, largest: int = MAXIMUM_PAYLOAD) -> None:
    """Write one frame of at most `largest` bytes of payload. `OSError` (a peer that died) passes through."""
    channel.sendall(framed(value if isinstance(value, Encoded) else encoded(value), largest))


def receive(channel: socket.socket, patience: float | Patience | None = None, *, trusted: bool = False) -> Any:
    """Read one frame and not a byte more.

    Args:
        channel: a connected stream socket.
        patience: seconds for the whole frame, not for each piece of it; None waits for ever.
        trusted: it comes from the trusted side, which may ask more than it is told, and keeps the bounds by itself.

    Raises:
        TimeoutError: the frame was not complete in time.
        EOFError: the peer closed the connection.
        WireError: what came is no frame.
    """
    if isinstance(patience, (int, float)):
        patience = Patience(patience)
    header_length, payload_length = _lengths(_exactly(channel, PREFIX.size, patience), trusted)
    return _value(_exactly(channel, header_length + payload_length, patience), header_length, trusted)


class Incoming:
    """Reads frames of a channel ahead: answers that came together are taken together. Nobody else may read from the channel."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.ahead = bytearray()

    def receive(self, patience: Patience) -> Any:
        """As the function of that name, from an untrusted peer."""
        header_length, payload_length = _lengths(self._take(PREFIX.size, patience), trusted=False)
        return _value(self._take(header_length + payload_length, patience), header_length, trusted=False)

    def _take(self, length: int, patience: Patience) -> bytearray:
        while (missing := length - len(self.ahead)) > 0:
            if missing < READ_AHEAD:
                self.ahead += _some(self.channel, partial(self.channel.recv, READ_AHEAD), patience)
            else:
                self.ahead += _exactly(self.channel, missing, patience)
        taken = self.ahead[:length]
        del self.ahead[:length]
        return taken


def _lengths(prefix: bytearray, trusted: bool) -> tuple[int, int]:
    header_length, payload_length = PREFIX.unpack(prefix)
    if header_length > MAXIMUM_HEADER or payload_length > (MAXIMUM_REQUEST if trusted else MAXIMUM_PAYLOAD):
        raise WireError("frame too large")
    return header_length, payload_length


def _value(frame: bytearray, header_length: int, trusted: bool) -> Any:
    return decode(bytes(frame[:header_length]), memoryview(frame)[header_length:], trusted=trusted)


def _exactly(channel: socket.socket, length: int, patience: Patience | None) -> bytearray:
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        filled += _some(channel, partial(channel.recv_into, view[filled:]), patience)
    return buffer


def _some(channel: socket.socket, read: Callable[[], Any], patience: Patience | None) -> Any:
    """What a read of the channel gives, once it gives something."""
    while True:
        if patience is not None:
            channel.settimeout(patience.next_wait())
        try:
            found = read()
        except (TimeoutError, BlockingIOError):
            if patience is not None:
                patience.in_vain()
            continue
        except ConnectionError as error:
            raise EOFError from error
        if not found:
            raise EOFError
        return found
