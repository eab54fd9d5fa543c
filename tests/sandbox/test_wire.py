"""The protocol carries plain data unchanged, and nothing that a hostile peer writes gets past it as anything but a `WireError`."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from grader.sandbox import wire
from grader.sandbox.patience import Patience
from grader.sandbox.wire import PREFIX, Incoming, Tagged, WireError

Reader = Callable[[socket.socket, float], Any]
READERS: list[Reader] = [wire.receive, lambda channel, seconds: Incoming(channel).receive(Patience(seconds))]

DTYPES = ("<f8", "<f4", "<i8", "|b1")
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda dtype: st_numpy.arrays(dtype, st_numpy.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
INTEGERS = st.integers(-(2**63), 2**63 - 1)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    INTEGERS,
    st.floats(),
    st.text(st.characters()),
    st.binary(),
    ARRAYS,
    st.lists(st.floats(), min_size=8, max_size=12),
    st.lists(INTEGERS, min_size=8, max_size=12),
    st.builds(np.float64, st.floats()),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
        st.builds(Tagged, st.text(max_size=5), inner),
    ),
    max_leaves=12,
)

# Trees in the header's own language, right and wrong: numbers where a dtype belongs, negative lengths, shapes beyond any memory.
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.sampled_from(DTYPES))
HEADERS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "g", "n", "y", "s", "t", "d", "x", "z", ""]), inner, max_size=2),
        st.builds(lambda dtype, shape: {"a": [dtype, shape]}, st.sampled_from(DTYPES), st.lists(st.integers(-2, 2**70), max_size=40)),
        st.builds(lambda dtype, length: {"n": [dtype, length]}, st.sampled_from(DTYPES), st.integers(-2, 2**70)),
    ),
    max_leaves=10,
)


def encode(value: Any, largest: int = wire.MAXIMUM_PAYLOAD) -> bytes:
    """The frame of a value."""
    return wire.framed(wire.encoded(value), largest)


def frame(header: bytes, payload: bytes = b"", *, header_length: int | None = None, payload_length: int | None = None) -> bytes:
    """A frame, with lengths that may lie."""
    announced = (len(header) if header_length is None else header_length, len(payload) if payload_length is None else payload_length)
    return PREFIX.pack(*announced) + header + payload


def through_a_socket(data: bytes, receive: Reader = wire.receive, seconds: float = 5.0) -> Any:
    """What a reader makes of bytes after which the peer closes."""
    ours, theirs = socket.socketpair()
    with ours:
        sender = threading.Thread(target=_write_and_close, args=(theirs, data))
        sender.start()
        try:
            return receive(ours, seconds)
        finally:
            ours.close()
            sender.join()


def _write_and_close(channel: socket.socket, data: bytes) -> None:
    with channel, contextlib.suppress(OSError):
        channel.sendall(data)


@contextlib.contextmanager
def allocating_at_most(size: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


def same(left: Any, right: Any) -> bool:
    """Equality of type and bits, NaN included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (np.ndarray, np.generic)):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, Tagged):
        return left.kind == right.kind and same(left.value, right.value)
    if isinstance(left, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    return bool(left == right)


@given(VALUES)
def test_plain_data_arrives_as_it_left(value: Any) -> None:
    assert same(through_a_socket(encode(value)), value)


def test_the_sign_of_zero_and_the_payload_of_arrays_survive() -> None:
    value = np.array([-0.0, np.nan, np.inf, 5e-324])
    assert through_a_socket(encode(value)).tobytes() == value.tobytes()


def test_arrays_arrive_writable_and_own_their_memory() -> None:
    [array] = through_a_socket(encode([np.arange(3.0)]))
    array += 1
    assert array.base is None


@pytest.mark.parametrize("order", ["C", "F"])
def test_layout_and_byte_order_of_an_array_do_not_matter(order: Any) -> None:
    array = np.arange(6.0).reshape(2, 3).astype(">f8", order=order)[:, ::-1]
    assert np.array_equal(through_a_socket(encode(array)), array)


class Deceitful(int):
    pass


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        1 + 2j,
        2**63,
        -(2**63) - 1,
        Deceitful(3),
        np.array([1j]),
        np.array(["text"]),
        np.array([None]),
        np.zeros(2, dtype=np.float16),
        np.zeros(2, dtype="<u8"),
        np.ma.masked_array([1.0]),
        np.arange(3.0).view(np.recarray),
        [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]],
        (x for x in ()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_place_is_refused_when_it_is_written(value: Any) -> None:
    with pytest.raises(WireError):
        encode(value)


def test_a_frame_over_the_cap_is_refused_when_it_is_written() -> None:
    with pytest.raises(WireError):
        encode([np.zeros(10), np.zeros(10)], 100)


@given(st.lists(VALUES, max_size=3), INTEGERS)
def test_values_encoded_one_by_one_arrive_as_one(values: list[Any], number: int) -> None:
    together = wire.several({"number": number}, "values", list(map(wire.encoded, values)))
    assert same(through_a_socket(wire.framed(together)), {"number": number, "values": values})


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_no_frame(data: bytes) -> None:
    with pytest.raises((WireError, EOFError)):
        through_a_socket(data)


@given(HEADERS, st.binary(max_size=64))
def test_an_arbitrary_json_header_is_a_value_or_a_wire_error(tree: Any, payload: bytes) -> None:
    with contextlib.suppress(WireError):
        wire.decode(json.dumps(tree).encode(), payload)


@given(st.binary(max_size=120), st.binary(max_size=32))
def test_an_arbitrary_header_is_a_value_or_a_wire_error(header: bytes, payload: bytes) -> None:
    with contextlib.suppress(WireError):
        wire.decode(header, payload)


@given(VALUES, st.data())
def test_a_damaged_frame_is_a_value_or_an_error_of_the_protocol(value: Any, data: st.DataObject) -> None:
    good = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    with contextlib.suppress(WireError, EOFError):
        through_a_socket(bytes(good[:cut]))


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        (b"", b""),
        (b"[1" * 100_000, b""),
        (b'{"t":[' * 1000 + b"1" + b"]}" * 1000, b""),
        (b"[" * 3_000_000, b""),
        (b"1" * 5_000, b""),
        (b"9223372036854775808", b""),
        (b'"\xff"', b""),
        (b"{}", b""),
        (b'{"a": ["<f8", [1]], "t": []}', b"\0" * 8),
        (b'{"a": ["|O", [1]]}', b"\0" * 8),
        (b'{"a": ["<c16", [1]]}', b"\0" * 16),
        (b'{"a": ["<M8", [1]]}', b"\0" * 8),
        (b'{"a": ["<f8", [-1]]}', b""),
        (b'{"a": ["<f8", [1.0]]}', b"\0" * 8),
        (b'{"a": ["<f8", [true]]}', b"\0" * 8),
        (b'{"a": ["<f8", [2]]}', b"\0" * 8),
        (b'{"a": ["<f8", [1]]}', b"\0" * 9),
        (b'{"a": ["<f8", [4611686018427387904, 4]]}', b""),
        (b'{"a": ["<f8", [0, 67108864, 67108864, 67108864]]}', b""),
        (b'{"a": ["<f8", [' + b"1," * 40 + b"1]]}", b"\0" * 8),
        (b'{"n": ["<f8", 4611686018427387904]}', b""),
        (b'{"n": [["<f8"], 1]}', b"\0" * 8),
        (b'{"y": 1}', b"\0"),
        (b'{"n": ["|b1", 200001]}', b"\0" * 200_001),
        (b'[{"n": ["|b1", 150000]}, {"n": ["|b1", 150000]}]', b"\0" * 300_000),
        (b'{"y": [-1]}', b""),
        (b'{"y": [9000000000000000000]}', b""),
        (b'{"x": [1, 2]}', b""),
        (b'{"x": ["kind"]}', b""),
        (b'{"d": ["key"]}', b""),
        (b'{"d": [1, 2]}', b""),
        (b'{"t": {"t": []}}', b""),
        (b'{"q": []}', b""),
        (b"[" + b"null," * 250_000 + b"null]", b""),
        (b"[" * 17 + b"1" + b"]" * 17, b""),
        (b'{"x": ["kind", ' * 17 + b"1" + b"]}" * 17, b""),
        (b'{"t": [-9223372036854775809]}', b""),
        (b'{"d": ["key", 9223372036854775808]}', b""),
    ],
    ids=lambda part: str(part[:60]),
)
def test_a_malformed_header_is_a_wire_error(header: bytes, payload: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(header, payload)


@pytest.mark.parametrize("receive", READERS)
@pytest.mark.parametrize(
    "lengths", [(2**32 - 1, 0), (0, 2**64 - 1), (wire.MAXIMUM_HEADER + 1, 0), (10, wire.MAXIMUM_PAYLOAD + 1), (2**32 - 1, 2**64 - 1)]
)
def test_an_oversized_announcement_is_refused_before_anything_is_allocated(receive: Reader, lengths: tuple[int, int]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(PREFIX.pack(*lengths))
        with allocating_at_most(1 << 20), pytest.raises(WireError):
            receive(ours, 5.0)


def test_a_giant_shape_is_refused_before_anything_is_allocated() -> None:
    header = b'{"a": ["<f8", [1000000, 1000000]]}'
    with allocating_at_most(1 << 20), pytest.raises(WireError):
        wire.decode(header, b"")


@pytest.mark.parametrize("receive", READERS)
@pytest.mark.parametrize("cut", [0, 1, 11, 12, 13, 20])
def test_a_frame_that_ends_early_is_an_end_of_file(receive: Reader, cut: int) -> None:
    whole = encode({"values": [np.arange(4.0)]})
    with pytest.raises(EOFError):
        through_a_socket(whole[:cut], receive)


@pytest.mark.parametrize("receive", READERS)
def test_a_peer_that_says_nothing_runs_into_the_deadline(receive: Reader) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        receive(ours, 0.05)


@pytest.mark.parametrize("receive", READERS)
def test_the_deadline_is_for_the_whole_frame_however_slowly_it_drips(receive: Reader) -> None:
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip() -> None:
        theirs.send(PREFIX.pack(100, 0))
        while not stop.wait(0.01):
            theirs.send(b" ")

    dripping = threading.Thread(target=drip)
    started = time.monotonic()
    with ours, theirs:
        dripping.start()
        with pytest.raises(TimeoutError):
            receive(ours, 0.2)
        stop.set()
        dripping.join()
    assert time.monotonic() - started >= 0.2


def test_two_frames_in_one_write_are_two_frames() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(encode(1) + encode("two"))
        assert wire.receive(ours, 1.0) == 1
        assert wire.receive(ours, 1.0) == "two"


@given(st.lists(VALUES, max_size=6), st.integers(1, 4000))
def test_frames_that_are_read_ahead_are_what_was_sent_however_they_are_cut(values: list[Any], size: int) -> None:
    written = b"".join(map(encode, values))
    pieces = [written[start : start + size] for start in range(0, len(written), size)]
    ours, theirs = socket.socketpair()
    sender = threading.Thread(target=lambda: list(map(theirs.sendall, pieces)))
    with ours, theirs:
        sender.start()
        incoming = Incoming(ours)
        received = [incoming.receive(Patience(5.0)) for _ in values]
        sender.join()
    assert same(received, values)
    assert not incoming.ahead


def test_a_frame_larger_than_what_is_read_ahead_leaves_the_next_one_alone() -> None:
    large = np.arange(wire.READ_AHEAD / 4)
    ours, theirs = socket.socketpair()
    sender = threading.Thread(target=_write_and_close, args=(theirs, encode(large) + encode("two")))
    with ours:
        sender.start()
        incoming = Incoming(ours)
        assert same(incoming.receive(Patience(5.0)), large)
        assert incoming.receive(Patience(5.0)) == "two"
        with pytest.raises(EOFError):
            incoming.receive(Patience(5.0))
        sender.join()


def test_what_the_trusted_side_asks_may_be_larger_and_deeper_than_an_answer() -> None:
    large, deep = b"x" * (wire.MAXIMUM_PAYLOAD + 1), [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]
    with pytest.raises(WireError):
        through_a_socket(encode(large, wire.MAXIMUM_REQUEST))
    with pytest.raises(WireError):
        through_a_socket(frame(json.dumps(deep).encode()))
    trusting: Reader = lambda channel, seconds: wire.receive(channel, seconds, trusted=True)  # noqa: E731  # a reader among others
    assert through_a_socket(encode(large, wire.MAXIMUM_REQUEST), trusting) == large
    assert through_a_socket(frame(json.dumps(deep).encode()), trusting) == deep


@pytest.mark.parametrize(
    "build", [lambda: b"\x80\x04\x95", lambda: b"cos\nsystem\n(S'true'\ntR.", lambda: b"!!python/object/apply:os.system ['true']"]
)
def test_a_pickle_or_a_yaml_object_is_no_frame(build: Callable[[], bytes]) -> None:
    with pytest.raises((WireError, EOFError)):
        through_a_socket(frame(build()))


def test_the_prefix_is_twelve_bytes_little_endian() -> None:
    assert struct.calcsize("<IQ") == PREFIX.size == 12
