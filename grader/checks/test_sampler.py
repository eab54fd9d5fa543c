"""Hidden checks of `sampler.py`.

The two samplers are judged by what their draws are, never by how many numbers they take from a generator or in which order.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, cycle
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np

from grader.checks.answers import Array, Case, Tolerance
from grader.checks.compare import check_inputs_unmodified, check_values, demand_unmodified, fail, observations
from grader.checks.draws import ZERO, failed, for_a_picture, rounded, stacked
from grader.checks.gaussian import (
    BROADCAST,
    OTHER_RANKS,
    demand_distribution,
    demand_independence,
    demand_own_generator,
    rsample_book,
    sample_book,
    wrong_scales,
)
from grader.checks.inputs import drawn_once, number, positive, real
from grader.checks.pictures import histogram, pictured
from grader.observation import Call, CheckFailed, GradientObservation, Pull, Rng, Student, StudentFault, Tensor, TensorValue, TorchGenerator
from grader.unit import WalkThrough

Shape = tuple[int, ...]
# Equal shapes first, then every way in which one of three arguments is broadcast.
TRIPLES: tuple[tuple[Shape, Shape, Shape], ...] = (
    ((3, 4), (3, 4), (3, 4)),
    ((2, 3, 4), (2, 3, 4), (2, 3, 4)),
    ((5,), (5,), (5,)),
    ((4, 4), (4, 4), (4, 4)),
    ((1, 4), (1, 4), (1, 4)),
    ((3, 1), (3, 1), (3, 1)),
    ((3, 4), (4,), (3, 4)),
    ((4,), (3, 4), (3, 4)),
    ((4,), (4,), (3, 4)),
    ((3, 4), (3, 4), (4,)),
    ((3, 1), (1, 4), (3, 4)),
    ((), (), (6,)),
    ((2, 1, 4), (3, 1), (4,)),
    ((), (), ()),
)
# |mu| and sigma * epsilon may differ by sixteen orders of magnitude: every formula gives the larger one.
EXTREME_MU = np.array([[0.3, -2.0, 1e8, -1e-8], [1.7, 0.0, 25.0, -1e3]])
EXTREME_SIGMA = np.array([[1e-8, 1e8, 1e8, 1e-8], [3e7, 2e-8, 4e-6, 5e5]])
EXTREME_EPSILON = np.array([[4.1, -3.7, 0.2, -0.9], [-1e-6, 2.3, 5.2, 1e-3]])
EXTREME_LOG_VAR = np.array([[-30.0, -18.0, -8.0], [8.0, 18.0, 30.0]])
PAIRS: tuple[tuple[Shape, Shape], ...] = (
    ((3, 4), (3, 4)),
    ((2, 3, 4), (2, 3, 4)),
    ((5,), (5,)),
    ((), ()),
    ((1, 4), (1, 4)),
    ((3, 1), (3, 1)),
    ((3, 4), (4,)),
    ((4,), (3, 4)),
    ((3, 1), (4,)),
    ((4,), ()),
    ((), (3, 4)),
    ((3, 1), (2, 1, 4)),
)

RSAMPLE_SHAPES: tuple[Shape, ...] = ((3, 4), (2, 3, 4), (5,), (), (1, 4), (3, 1))


def test_reparameterize_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(student, "reparameterize", _triples(rng), reference.reparameterize, further=partial(_triples, rng))


def test_reparameterize_walk_through(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    case = number(walk_through.mu), number(walk_through.sigma), number(walk_through.epsilon)
    remark = "These are the numbers of the handout's walk-through."
    check_values(student, "reparameterize", [case], reference.reparameterize, further=partial(_triples, rng), remark=remark)


def test_reparameterize_extreme_values(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = [(EXTREME_MU, EXTREME_SIGMA, EXTREME_EPSILON)]
    # Relative accuracy alone: where mu is zero or tiny an absolute allowance would hide a small constant added to sigma.
    check_values(
        student, "reparameterize", cases, reference.reparameterize, atol=0.0, further=partial(_triples, rng), otherwise="extreme-values-altered"
    )


def test_reparameterize_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "reparameterize", _triples(rng)[:2])


def test_sample_shape(student: Student, rng: np.random.Generator) -> None:
    kinds: tuple[Literal["PCG64", "MT19937"], ...] = ("PCG64", "MT19937")
    requests = [
        Call((real(rng, mu), positive(rng, sigma), Rng(int(rng.integers(2**31)), kind)))
        for (mu, sigma), kind in zip(PAIRS, cycle(kinds), strict=False)
    ]
    for shapes, observation in zip(PAIRS, observations(student, "sample", requests), strict=True):
        stacked("sample", observation, np.broadcast_shapes(*shapes))


def test_sample_distribution(student: Student, rng: np.random.Generator) -> None:
    """Kolmogorov-Smirnov against N(mu, sigma^2), and bets on 31 alternatives: 71,750 draws, and more until the bet on a sum of 12 uniforms is over.

    False alarms: below 8e-11 (8 tests at 1e-11). Power: over 1 - 1e-6 against each wrong distribution of docs/power.md.
    """
    book = sample_book(student, rng)
    with pictured(student, lambda: histogram(for_a_picture(book))):
        demand_distribution("sample", book, ("wide", "deep"))


def test_sample_independence(student: Student, rng: np.random.Generator) -> None:
    """Repeated magnitudes, correlation at every lag, sums and energies along every axis, on draws of ten shapes.

    Three calls of shape (120, 90), six of other shapes, 200 of scalars, and 320 of two elements.
    False alarms: below 6e-10 (at most 60 tests at 1e-11). Power: over 1 - 1e-6 against each kind of shared noise of docs/power.md.
    """
    demand_independence("sample", sample_book(student, rng), ("deep", *BROADCAST, "scalar mu", *OTHER_RANKS, "pairs"))


def test_sample_generator(student: Student, rng: np.random.Generator) -> None:
    """Equal generators give equal draws, other generators independent ones, and nothing but the generator moves. False alarms: below 8e-11."""
    demand_own_generator("sample", sample_book(student, rng))


def test_sample_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    cases = [(real(rng, mu_shape), positive(rng, sigma_shape), Rng(int(rng.integers(2**31)))) for mu_shape, sigma_shape in PAIRS[:2]]
    check_inputs_unmodified(student, "sample", cases)


def test_rsample_shape_and_dtype(student: Student, rng: np.random.Generator) -> None:
    parameters = [[np.asarray(real(rng, shape), dtype=dtype) for _ in range(2)] for shape in RSAMPLE_SHAPES for dtype in (np.float32, np.float64)]
    requests = [Call((*map(Tensor, pair), TorchGenerator(int(rng.integers(2**31))))) for pair in parameters]
    for (mu, _), observation in zip(parameters, observations(student, "rsample", requests), strict=True):
        got = _tensor(observation.value)
        stacked("rsample", observation, mu.shape)
        if got.dtype != mu.dtype.name:
            fail("rsample", "rsample-dtype-lost", f"`rsample` returned {got.dtype} for a mu of dtype {mu.dtype.name}.")


def test_rsample_distribution(student: Student, rng: np.random.Generator) -> None:
    """As for `sample`, on 104,150 draws and more, a third of them in single precision, and with log_var = -30 and 30.

    False alarms: below 9e-11 (9 tests at 1e-11). Power: over 1 - 1e-6 against each wrong distribution of docs/power.md.
    """
    book = rsample_book(student, rng)
    with pictured(student, lambda: histogram(for_a_picture(book))):
        demand_distribution("rsample", book, ("wide", "deep", "single precision"))


def test_rsample_independence(student: Student, rng: np.random.Generator) -> None:
    """As for `sample`, on three calls of shape (120, 90), two without a generator, two of other shapes, 200 of scalars, and 320 of two elements.

    False alarms: below 4e-10 (at most 40 tests at 1e-11). Power: over 1 - 1e-6 against each kind of shared noise of docs/power.md.
    """
    demand_independence("rsample", rsample_book(student, rng), ("deep", "default generator", *OTHER_RANKS, "pairs"))


def test_rsample_gradient(student: Student, rng: np.random.Generator) -> None:
    """The noise of a sampler can be read off its value, z = mu + sigma * epsilon, and with it the gradients that belong to this very draw."""
    ordinary = [(np.asarray(real(rng, shape)), np.asarray(real(rng, shape, 1.2))) for shape in RSAMPLE_SHAPES]
    # Models are trained in single precision.
    single = ordinary[0][0].astype(np.float32), ordinary[0][1].astype(np.float32)
    # mu = 0 keeps all digits of a tiny sigma * epsilon.
    extreme = np.zeros(EXTREME_LOG_VAR.shape), EXTREME_LOG_VAR
    requests = [
        Pull(
            (Tensor(mu, requires_grad=True), Tensor(log_var, requires_grad=True), TorchGenerator(int(rng.integers(2**31)))),
            (real(rng, mu.shape), real(rng, mu.shape)),
        )
        for mu, log_var in (*ordinary, single, extreme)
    ]
    for request, observation in zip(requests, observations(student, "rsample", requests), strict=True):
        if request is requests[-1]:
            _demand_gradient(student, rng, request, observation, Tolerance(1e-7, 1e-16), "extreme-values-altered")
        elif request is requests[-2]:
            _demand_gradient(student, rng, request, observation, Tolerance(1e-4, 1e-5))
        else:
            _demand_gradient(student, rng, request, observation, Tolerance())


def test_rsample_generator(student: Student, rng: np.random.Generator) -> None:
    """The generator that is passed decides everything; without one, torch's default generator does. False alarms: below 8e-11."""
    book = rsample_book(student, rng)
    demand_own_generator("rsample", book)
    default, other = book.draws("default generator"), book.draws("default generator", 1)
    if "numpy" in default.touched:
        fail("rsample", "rsample-numpy-noise", "`rsample` was called without a generator.")
    if default.touched != {"torch"}:
        fail("rsample", "rsample-default-generator-unused", "`rsample` was called without a generator.")
    if np.allclose(default.scores, other.scores, rtol=0.0, atol=ZERO):
        fail("rsample", "rsample-fixed-noise", "`rsample` was called without a generator, after two different torch.manual_seed.")


def test_rsample_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    cases = [(Tensor(real(rng, shape)), Tensor(real(rng, shape)), TorchGenerator(int(rng.integers(2**31)))) for shape in ((3, 4), (2, 3, 4))]
    check_inputs_unmodified(student, "rsample", cases)


@drawn_once
def _triples(rng: np.random.Generator) -> list[Case]:
    return [Case((real(rng, mu), positive(rng, sigma), real(rng, epsilon, 1.0))) for mu, sigma, epsilon in TRIPLES]


def _tensor(value: Any) -> TensorValue:
    if value is None:
        fail("rsample", "no-return")
    if not isinstance(value, TensorValue):
        if isinstance(value, (tuple, list)):
            fail("rsample", "more-than-asked", "`rsample` returned several values.")
        fail("rsample", "rsample-returns-numpy", "`rsample` returned something that is no tensor.")
    return value


def _demand_gradient(
    student: Student, rng: np.random.Generator, request: Pull, observation: GradientObservation, tolerance: Tolerance, known: str | None = None
) -> None:
    """For each cotangent c: dL/dmu = c and dL/dlog_var = c (z - mu) / 2."""
    mu, cotangents = request.arguments[0].value, request.cotangents
    value = _tensor(observation.value)
    if value.value.shape != mu.shape:
        failed("rsample", f"`rsample` returned a tensor of shape {value.value.shape} where it should have been {mu.shape}.")
    noise = value.value - mu
    wanted = [(cotangent, cotangent * noise / 2.0) for cotangent in cotangents]
    if any(len(row) != len(pair) for row, pair in zip(observation.gradients, wanted, strict=True)):
        failed("rsample", "The gradients of `rsample` could not be read.")
    pairs = chain.from_iterable(map(partial(zip, strict=True), observation.gradients, wanted))
    if not all(_same(got, right, tolerance) for got, right in pairs):
        demand_unmodified("rsample", request.arguments[:2], observation.arguments)
        happened = f"`rsample`, called with tensors of shape {mu.shape}: the gradients sent back through the result do not belong to it."
        failed("rsample", happened, known or rounded(value.value) or _gradient_mistake(student, rng, observation.gradients, cotangents, noise))


def _same(got: Any, wanted: Array, tolerance: Tolerance) -> bool:
    return isinstance(got, np.ndarray) and tolerance.same(got, np.asarray(wanted))


def _absent(gradient: Any) -> bool:
    return gradient is None or (isinstance(gradient, np.ndarray) and bool(np.all(np.abs(gradient) < ZERO)))


def _gradient_mistake(student: Student, rng: np.random.Generator, gradients: Any, cotangents: Sequence[Array], noise: Array) -> str | None:
    """Which of the paths is broken. A wrong scale or no noise explains a wrong gradient, and is named rather than the gradient."""
    if not np.any(noise):
        return "rsample-no-noise"
    with suppress(CheckFailed, StudentFault):
        scales = wrong_scales("rsample", rsample_book(student, rng))
        if scales:
            return f"rsample-{scales[0]}" if len(scales) == 1 else None
    grad_mu, grad_log_var = zip(*gradients, strict=True)
    if all(gradient is None for gradient in (*grad_mu, *grad_log_var)):
        return "rsample-graph-broken-at-z"
    if all(map(_absent, (*grad_mu, *grad_log_var))):
        return "rsample-torch-normal"
    loose = Tolerance()
    mu_right = all(map(partial(_same, tolerance=loose), grad_mu, cotangents))
    log_var_right = all(_same(got, cotangent * noise / 2.0, loose) for got, cotangent in zip(grad_log_var, cotangents, strict=True))
    if log_var_right and all(map(_absent, grad_mu)):
        return "rsample-graph-broken-at-mu"
    if mu_right and all(map(_absent, grad_log_var)):
        return "rsample-graph-broken-at-log-var"
    if mu_right and all(_same(got, cotangent * noise, loose) for got, cotangent in zip(grad_log_var, cotangents, strict=True)):
        return "rsample-gradient-without-half"
    if mu_right and all(map(partial(_same, tolerance=loose), grad_log_var, cotangents)):
        return "rsample-straight-through"
    return None
