"""Whatever a function returns becomes plain data or a refusal; an object that lies can mislead only itself."""

from __future__ import annotations

import array
import collections
import datetime
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

import grader.sandbox.torch_worker  # noqa: F401  # teaches `plain` about tensors
from grader.sandbox import wire
from grader.sandbox.plain import plain
from grader.sandbox.wire import Tagged, WireError

Pair = collections.namedtuple("Pair", ["grad_mu", "grad_sigma"])


def refused(value: Any) -> bool:
    return isinstance(value, Tagged) and value.kind == "refused" and isinstance(value.value, str)


def travels(value: Any) -> bool:
    """Whether the wire takes it: exact types, all the way down."""
    try:
        wire.encoded(value)
    except WireError:
        return False
    return True


def matrix() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.matrix([[1.0, 2.0]])


ACCEPTED: dict[str, tuple[Callable[[], Any], Any]] = {
    "float64 array": (lambda: np.array([1.0, 2.0]), np.array([1.0, 2.0])),
    "float32 array stays float32": (lambda: np.array([1.0], dtype=np.float32), np.array([1.0], dtype=np.float32)),
    "float16 array": (lambda: np.array([1.0], dtype=np.float16), np.array([1.0])),
    "long double array": (lambda: np.array([1.0], dtype=np.longdouble), np.array([1.0])),
    "long double scalar": (lambda: np.longdouble(2.5), np.array(2.5)),
    "int8 array": (lambda: np.array([-1], dtype=np.int8), np.array([-1])),
    "uint64 array within int64": (lambda: np.array([2**63 - 1], dtype=np.uint64), np.array([2**63 - 1])),
    "big-endian array": (lambda: np.array([1.0], dtype=">f8"), np.array([1.0])),
    "np.float64": (lambda: np.float64(0.5), np.array(0.5)),
    "0-d array": (lambda: np.array(0.5), np.array(0.5)),
    "read-only view": (lambda: np.broadcast_to(1.5, (2, 2)), np.full((2, 2), 1.5)),
    "reversed view": (lambda: np.arange(3.0)[::-1], np.array([2.0, 1.0, 0.0])),
    "empty array": (lambda: np.zeros((0, 3)), np.zeros((0, 3))),
    "np.matrix": (matrix, np.array([[1.0, 2.0]])),
    "record array's field": (lambda: np.array([(1.0,)], dtype=[("z", "f8")])["z"], np.array([1.0])),
    "masked array without a mask": (lambda: np.ma.masked_array([1.0, 2.0]), np.array([1.0, 2.0])),
    "memoryview": (lambda: memoryview(np.array([1.0, 2.0])), np.array([1.0, 2.0])),
    "array.array": (lambda: array.array("d", [1.0, 2.0]), np.array([1.0, 2.0])),
    "range": (lambda: range(3), np.array([0, 1, 2])),
    "tensor": (lambda: torch.tensor([1.0, 2.0], dtype=torch.float64), np.array([1.0, 2.0])),
    "tensor with a graph": (lambda: torch.ones(2, dtype=torch.float64, requires_grad=True) * 2, np.array([2.0, 2.0])),
    "parameter": (lambda: torch.nn.Parameter(torch.ones(2, dtype=torch.float64)), np.ones(2)),
    "expanded tensor": (lambda: torch.ones(1, dtype=torch.float64).expand(3), np.ones(3)),
    "half tensor": (lambda: torch.ones(2, dtype=torch.float16), np.ones(2)),
    "bfloat16 tensor": (lambda: torch.ones(2, dtype=torch.bfloat16), np.ones(2)),
    "negated view": (lambda: torch.tensor([1j], dtype=torch.complex128).conj().imag, np.array([-1.0])),
    "int tensor": (lambda: torch.tensor([1, 2]), np.array([1, 2])),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_asarray_takes_for_numbers_arrives_as_an_ordinary_array(name: str) -> None:
    make, expected = ACCEPTED[name]
    value = plain(make())
    assert type(value) is np.ndarray
    assert value.dtype == expected.dtype
    assert np.array_equal(value, expected)
    assert travels(value)


@pytest.mark.parametrize("value", [None, 1.5, -3, [1.0, [2, 3.0]], (1.0, None), []])
def test_plain_data_stays_what_it_is(value: Any) -> None:
    assert plain(value) == value
    assert type(plain(value)) is type(value)


def test_a_named_tuple_is_a_tuple_and_a_list_subclass_a_list() -> None:
    class Numbers(list[float]):
        def __iter__(self) -> Any:
            while True:
                yield 1.0

        def __len__(self) -> int:
            return 10**12

    assert plain(Pair(1.0, 2.0)) == (1.0, 2.0)
    assert type(plain(Pair(1.0, 2.0))) is tuple
    assert plain(Numbers([1.0, 2.0])) == [1.0, 2.0]
    assert type(plain(Numbers([1.0]))) is list


def test_number_subclasses_lose_their_class_and_their_lies() -> None:
    class Float(float):
        def __float__(self) -> float:
            return 42.0

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class Int(int):
        def __int__(self) -> int:
            return 42

    assert type(plain(Float(1.5))) is float
    assert plain(Float(1.5)) == 1.5
    assert type(plain(Int(3))) is int
    assert plain(Int(3)) == 3


def loop() -> list[Any]:
    ring: list[Any] = []
    ring.append(ring)
    return ring


class Unsized:
    def __len__(self) -> int:
        return -1

    def __getitem__(self, item: object) -> float:
        return 1.0


REFUSED: dict[str, Callable[[], Any]] = {
    "bool": lambda: True,
    "np.bool": lambda: np.True_,
    "bool array": lambda: np.array([True]),
    "bool tensor": lambda: torch.tensor([True]),
    "str": lambda: "1.0",
    "bytes": lambda: b"1.0",
    "string array": lambda: np.array(["1.0"]),
    "complex": lambda: 1 + 0j,
    "complex array": lambda: np.array([1 + 0j]),
    "complex tensor": lambda: torch.ones(2, dtype=torch.complex64),
    "Decimal": lambda: Decimal("1.5"),
    "Fraction": lambda: Fraction(1, 2),
    "huge int": lambda: 10**400,
    "int beyond 64 bits": lambda: 2**63,
    "uint64 beyond int64": lambda: np.array([2**64 - 1], dtype=np.uint64),
    "object array": lambda: np.array([1.0, None]),
    "object array of floats": lambda: np.array([1.0], dtype=object),
    "structured array": lambda: np.zeros(2, dtype=[("a", "f8")]),
    "datetime array": lambda: np.array(["2020-01-01"], dtype="datetime64[D]"),
    "timedelta": lambda: np.timedelta64(1, "D"),
    "date": lambda: datetime.date(2020, 1, 1),
    "generator": lambda: (x for x in [1.0]),
    "map": lambda: map(float, [1]),
    "dict": lambda: {"grad_mu": 1.0},
    "set": lambda: {1.0},
    "function": lambda: loop,
    "class": lambda: Pair,
    "module": lambda: np,
    "strided giant": lambda: np.broadcast_to(1.0, (10**5, 10**5)),
    "giant of stride tricks": lambda: np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,), (0,)),
    "expanded giant tensor": lambda: torch.ones(1).expand(10**10),
    "sparse tensor": lambda: torch.ones(2, 2).to_sparse(),
    "meta tensor": lambda: torch.ones(2, device="meta"),
    "quantized tensor": lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("tensors", [False, True], ids=["arrays wanted", "tensors wanted"])
def test_what_is_no_number_is_refused_with_a_description(name: str, tensors: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, about sparse and quantized tensors
        value = plain(REFUSED[name](), tensors=tensors)
    assert refused(value)
    assert travels(value)


def test_a_refusal_inside_a_tuple_leaves_its_neighbours() -> None:
    first, second = plain((1.5, "text"))
    assert first == 1.5
    assert refused(second)


def test_a_list_that_contains_itself_ends_in_a_refusal() -> None:
    value = plain(loop())
    while isinstance(value, list):
        [value] = value
    assert refused(value)


def test_a_list_far_too_long_ends_in_refusals() -> None:
    assert refused(plain([0.0] * 200_000)[-1])


def test_a_tensor_tells_its_dtype_and_graph_only_where_tensors_are_wanted() -> None:
    tensor = torch.ones(2, dtype=torch.float32, requires_grad=True) * 1
    told = plain(tensor, tensors=True)
    assert told.kind == "tensor"
    assert told.value[1:] == ("float32", True)
    assert type(told.value[0]) is np.ndarray
    assert type(plain(tensor)) is np.ndarray


class LyingArray(np.ndarray):
    """Says that it equals everything, has any shape, and is small."""

    def __eq__(self, other: object) -> Any:
        return True

    __hash__ = None  # type: ignore[assignment]

    def __array_function__(self, *_: Any) -> Any:
        return True

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        return True

    def __array_finalize__(self, obj: Any) -> None:
        pass

    @property
    def size(self) -> int:  # type: ignore[override]
        return 1

    def astype(self, *_: Any, **__: Any) -> Any:
        return "not me"


def test_an_array_subclass_that_lies_becomes_the_numbers_it_really_holds() -> None:
    value = plain(np.array([1.0, 2.0]).view(LyingArray))
    assert type(value) is np.ndarray
    assert np.array_equal(value, [1.0, 2.0])


def test_a_giant_that_says_it_is_small_is_measured_by_its_real_size() -> None:
    assert refused(plain(np.broadcast_to(1.0, (10**5, 10**5)).view(LyingArray)))


class LyingTensor(torch.Tensor):
    """Answers every question of torch about itself with a lie."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        if name == "__get__":
            return cls.answers
        return 1

    answers: Any = 7


@pytest.mark.parametrize("answer", [7, "strided", torch.strided, None, object(), 10**30])
def test_a_tensor_subclass_that_lies_ends_in_plain_data_or_an_exception_of_its_own(answer: Any) -> None:
    LyingTensor.answers = answer
    tensor = torch.ones(2).as_subclass(LyingTensor)
    try:
        value = plain(tensor, tensors=True)
    except (TypeError, AttributeError, RuntimeError):
        return
    assert travels(value)


class ClaimsToBeFloat:
    @property
    def __class__(self) -> Any:
        return float

    def __float__(self) -> float:
        return 1.0


class ArrayProtocol:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.answer


class Raises:
    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise ZeroDivisionError


class Interface:
    def __init__(self, address: int) -> None:
        self.__array_interface__ = {"shape": (2,), "typestr": "<f8", "data": (address, True), "version": 3}


@pytest.mark.parametrize(
    "make",
    [
        ClaimsToBeFloat,
        Raises,
        Unsized,
        lambda: ArrayProtocol("text"),
        lambda: ArrayProtocol(None),
        lambda: ArrayProtocol(np.array([None])),
        lambda: ArrayProtocol([1.0]),
        lambda: type("Meta", (type,), {"__name__": property(lambda self: 1 / 0)})("Name", (), {})(),
    ],
    ids=["claims to be float", "raises", "negative length", "text", "None", "object array", "list", "nameless"],
)
def test_a_hostile_object_is_refused_or_raises_in_its_own_process(make: Callable[[], Any]) -> None:
    try:
        value = plain(make())
    except (TypeError, ValueError, ZeroDivisionError):
        return
    assert refused(value)
    assert travels(value)


def test_an_array_protocol_that_gives_an_array_is_taken_at_its_word() -> None:
    value = plain(ArrayProtocol(np.array([1.0, 2.0]).view(LyingArray)))
    assert type(value) is np.ndarray
    assert np.array_equal(value, [1.0, 2.0])


def test_what_is_returned_is_a_copy() -> None:
    array_ = np.zeros(2)
    value = plain(array_)
    array_ += 1
    assert np.array_equal(value, [0.0, 0.0])


NUMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=3),
    st.decimals(),
    st.fractions(),
    st_numpy.arrays(st_numpy.scalar_dtypes(), st_numpy.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)),
    st_numpy.from_dtype(np.dtype("f4")),
)


@given(
    st.recursive(
        NUMBERS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.tuples(inner, inner), st.dictionaries(st.text(), inner, max_size=2))
    )
)
def test_any_value_becomes_something_that_travels(value: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # casts of NaN and out-of-range long doubles
        assert travels(plain(value))
