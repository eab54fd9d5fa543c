"""Hidden checks of `backward.py`.

The class `Reparameterize` is asked by way of torch's own `apply` (which the sandbox calls, whatever the class says): the value of `forward`, and what
`backward` returns for two cotangents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.answers import Array, Case, Tolerance, as_array
from grader.checks.compare import Ask, check_inputs_unmodified, check_values, demand_unmodified, fail, observations
from grader.checks.finite_differences import central_differences
from grader.checks.inputs import SHAPES, drawn_once, number, positive, real
from grader.checks.pictures import entries_of, gradient_of_draws, pictured
from grader.observation import CheckFailed, GradientObservation, Pull, Refused, Student, Tensor, TensorValue
from grader.unit import WalkThrough

FUNCTION, CLASS = "reparameterize_backward", "Reparameterize"
ENTRIES = ("grad_mu", "grad_sigma")
WALK_THROUGH = "These are the numbers of the handout's walk-through."
ARGUMENTS_OF_FORWARD = 3
TENSOR_SHAPES: tuple[tuple[int, ...], ...] = ((3, 4), (2, 3, 4), (), (5,), (1, 4))
# Shapes of mu, sigma and epsilon: axes added in front, stretched, both at once, in one of the three or in two; results from 1-d to 3-d; axes of
# size 1 that nothing stretched; and squares, in which a sum over the wrong axis keeps the shape.
BROADCASTS: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...] = (
    ((4,), (3, 4), (3, 4)),
    ((3, 4), (4,), (3, 4)),
    ((3, 1), (1, 4), (3, 4)),
    ((4,), (3, 1), (2, 3, 4)),
    ((1, 3, 1), (2, 1, 4), (2, 3, 4)),
    ((4,), (4, 1), (4, 4)),
    ((4, 1), (4,), (4, 4)),
    ((2, 3, 4), (4,), (3, 1)),
    ((3, 4), (1, 4), (4,)),
    ((3, 4), (3, 4), ()),
    ((), (3,), (2, 3)),
    ((), (), (3, 4)),
    ((1,), (1,), (5,)),
    ((1, 4), (1, 1), (1, 4)),
)


@drawn_once
def equal_shapes(rng: np.random.Generator) -> list[Case]:
    return [Case((real(rng, shape), real(rng, shape), positive(rng, shape), real(rng, shape, 1.0))) for shape in SHAPES]


@drawn_once
def broadcasts(rng: np.random.Generator) -> list[Case]:
    return [
        Case((real(rng, np.broadcast_shapes(mu, sigma, epsilon)), real(rng, mu), positive(rng, sigma), real(rng, epsilon, 1.0)))
        for mu, sigma, epsilon in BROADCASTS
    ]


def everything(rng: np.random.Generator) -> list[Case]:
    return equal_shapes(rng) + broadcasts(rng)


def test_reparameterize_backward_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    with pictured(student, lambda: gradient_of_draws(entries_of(student, FUNCTION), FUNCTION, walk_through)):
        check_values(student, FUNCTION, equal_shapes(rng), reference.reparameterize_backward, entries=ENTRIES, further=partial(broadcasts, rng))


def test_reparameterize_backward_broadcasting(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(student, FUNCTION, broadcasts(rng), reference.reparameterize_backward, entries=ENTRIES, further=partial(equal_shapes, rng))


def test_reparameterize_backward_walk_through(
    student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough
) -> None:
    values = walk_through.grad_z, walk_through.mu, walk_through.sigma, walk_through.epsilon
    cases, further = [tuple(map(number, values))], partial(everything, rng)
    check_values(student, FUNCTION, cases, reference.reparameterize_backward, entries=ENTRIES, further=further, remark=WALK_THROUGH)


def test_reparameterize_backward_finite_differences(student: Student, rng: np.random.Generator) -> None:
    """Z is linear in mu and sigma: central differences with a wide step are exact but for rounding."""
    cases, further = equal_shapes(rng)[:1], partial(everything, rng)
    check_values(student, FUNCTION, cases, _by_differences, entries=ENTRIES, rtol=1e-6, atol=1e-9, further=further)


def test_reparameterize_backward_extreme_values(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    grad_z = np.array([[1e8, -1e8, 1e-8, -3e7], [2e-9, 5e3, -4e4, 7e-5]])
    sigma = np.array([[1e-8, 1e8, 1e8, 1e-8], [3e7, 2e-8, 5e-6, 4e5]])
    epsilon = np.array([[8.0, -9.0, -8.5, 7.5], [-1e-6, 1e-9, 9.5, -2e-7]])
    cases, further = [(grad_z, real(rng, grad_z.shape, 1e4), sigma, epsilon)], partial(everything, rng)
    altered = "extreme-values-altered"
    check_values(student, FUNCTION, cases, reference.reparameterize_backward, entries=ENTRIES, atol=1e-25, further=further, otherwise=altered)


def test_reparameterize_backward_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, FUNCTION, [*equal_shapes(rng)[:2], *broadcasts(rng)[:3]])


def test_Reparameterize_forward(student: Student, rng: np.random.Generator) -> None:  # noqa: N802  # the class's name
    check_values(student, CLASS, tensors(rng, np.float64), _forward, ask=VALUE)
    check_values(student, CLASS, tensors(rng, np.float32)[:1], _forward, ask=VALUE, rtol=1e-5, atol=1e-6)


def test_Reparameterize_gradient(student: Student, rng: np.random.Generator, walk_through: WalkThrough) -> None:  # noqa: N802  # the class's name
    with pictured(student, lambda: gradient_of_draws(partial(_pulled_back, student), f"{CLASS}.backward", walk_through)):
        check_values(student, CLASS, [*tensors(rng, np.float64), _tiny_sigma(rng)], _backward, entries=ENTRIES, ask=GRADIENTS)
    check_values(student, CLASS, tensors(rng, np.float32)[:1], _backward, entries=ENTRIES, ask=GRADIENTS, rtol=1e-5, atol=1e-6)
    _demand_own_memory(student, tensors(rng, np.float64)[0])
    _demand_each_alone(student, tensors(rng, np.float64)[0])


def _demand_own_memory(student: Student, case: Case) -> None:
    """A model applies the class many times before anything is pulled back, and each application has to remember its own noise."""
    mu, sigma, epsilon, grad_z = case.stand_ins or ()
    meanwhile = Tensor(mu, requires_grad=True), Tensor(sigma, requires_grad=True), Tensor(epsilon[::-1].copy())
    (observation,) = observations(student, CLASS, [Pull(case.arguments, (grad_z,), meanwhile)])
    right = _backward(mu, sigma, epsilon, grad_z)
    if not all(Tolerance().same(as_array(got, CLASS), wanted) for got, wanted in zip(_gradients(observation), right, strict=True)):
        fail(CLASS, "Reparameterize-kept-outside-ctx", f"`{CLASS}` was applied twice before the gradient of the first result was asked for.")


def _demand_each_alone(student: Student, case: Case) -> None:
    """One of the two may be frozen; nobody asks for its gradient then, which may be anything."""
    mu, sigma, epsilon, grad_z = case.stand_ins or ()
    requests = [Pull((Tensor(mu, index == 0), Tensor(sigma, index == 1), Tensor(epsilon)), (grad_z,)) for index in range(len(ENTRIES))]
    rights = _backward(mu, sigma, epsilon, grad_z)
    for index, observation in enumerate(observations(student, CLASS, requests)):
        entry = _entries(observation)[index]
        if not isinstance(entry, np.ndarray) or not Tolerance().same(entry, rights[index]):
            fail(CLASS, "Reparameterize-needs-both", f"`{CLASS}` was applied where of mu and sigma only one requires a gradient.")


def test_Reparameterize_shape_and_dtype(student: Student, rng: np.random.Generator) -> None:  # noqa: N802  # the class's name
    """Whether the values are right is judged by other checks, and the dtype of a gradient is torch's affair, which converts it."""
    for case, observation in _pulled(student, [*tensors(rng, np.float32)[:3], *tensors(rng, np.float64)[:2]]):
        mu = case.arguments[0].value
        if not isinstance(observation.value, TensorValue):
            raise CheckFailed(f"`{CLASS}.apply` returned no tensor. `forward` has to return z.")
        if observation.value.value.shape != mu.shape:
            raise CheckFailed(f"`{CLASS}.apply` returned z of shape {observation.value.value.shape} where mu, sigma and epsilon have {mu.shape}.")
        if observation.value.dtype != mu.dtype.name:
            fail(CLASS, "Reparameterize-changes-dtype", f"z has dtype {observation.value.dtype}, the arguments had {mu.dtype.name}.")
        returned = _recorded(observation)[: len(ENTRIES)]
        _demand_gradients(returned)
        for name, entry in zip(ENTRIES, returned, strict=False):
            if as_array(entry, f"{name} of `{CLASS}.backward`").shape != mu.shape:
                raise CheckFailed(f"`{CLASS}.backward`: {name} has shape {np.shape(entry)} where mu and sigma have {mu.shape}.")


def test_Reparameterize_noise_is_a_leaf(student: Student, rng: np.random.Generator) -> None:  # noqa: N802  # the class's name
    ((_, observation),) = _pulled(student, tensors(rng, np.float64)[:1])
    *gradients, noise = _entries(observation)[:ARGUMENTS_OF_FORWARD]
    if noise is not None or all(gradient is None for gradient in gradients):
        fail(CLASS, "Reparameterize-no-gradient" if any(gradient is None for gradient in gradients) else "Reparameterize-noise-gradient")


def test_Reparameterize_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:  # noqa: N802  # the class's name
    for case, observation in _pulled(student, tensors(rng, np.float64)[:2]):
        demand_unmodified(CLASS, case.arguments, observation.arguments)
        # The gradient that arrives may be on its way to others as well.
        for before, after in zip((case.stand_ins or ())[-1:], observation.cotangents, strict=False):
            if not np.array_equal(before, np.asarray(after)):
                fail(CLASS, "modifies-inputs", f"`{CLASS}.backward` changed the gradient that arrived.")


@drawn_once
def tensors(rng: np.random.Generator, dtype: type[np.floating[Any]]) -> list[Case]:
    """Calls of `apply`, for which the stand-ins are mu, sigma, epsilon and the gradient that arrives at z."""
    cases = []
    for shape in TENSOR_SHAPES:
        values = [np.asarray(value, dtype=dtype) for value in (real(rng, shape), positive(rng, shape), real(rng, shape, 1.0), real(rng, shape))]
        cases.append(_tensors(values))
    return cases


def _tensors(values: Sequence[Array]) -> Case:
    mu, sigma, epsilon, _ = values
    return Case((Tensor(mu, requires_grad=True), Tensor(sigma, requires_grad=True), Tensor(epsilon)), stand_ins=tuple(values))


def _tiny_sigma(rng: np.random.Generator) -> Case:
    """The noise is what arrived, and cannot be had back from a z that has swallowed it."""
    values = [real(rng, (4,)), np.full(4, 1e-11), real(rng, (4,), 1.0), real(rng, (4,))]
    return _tensors(values)


def _forward(mu: Array, sigma: Array, epsilon: Array, grad_z: Array) -> Any:  # noqa: ARG001  # one signature for both ways
    return mu + sigma * epsilon


def _backward(mu: Array, sigma: Array, epsilon: Array, grad_z: Array) -> tuple[Array, Array]:  # noqa: ARG001  # as above
    return grad_z, grad_z * epsilon


def _by_differences(grad_z: Array, mu: Array, sigma: Array, epsilon: Array) -> tuple[Array, Array]:
    """L = sum(grad_z * z) has grad_z for its gradient at z."""

    def loss(mu: Any, sigma: Any) -> Any:
        return np.sum(grad_z * (mu + sigma * epsilon))

    step = 1e-3
    return central_differences(lambda moved: loss(moved, sigma), mu, step), central_differences(lambda moved: loss(mu, moved), sigma, step)


def _pull(case: Case) -> Pull:
    """Apply the class and pull back the gradient that arrives at z."""
    return Pull(case.arguments, (case.stand_ins or ())[-1:])


def _ordinary(observation: GradientObservation) -> GradientObservation:
    """The observation itself.

    Raises:
        CheckFailed: the class is not one whose `apply` is torch's own.
    """
    if "apply" in observation.overridden:
        fail(CLASS, "Reparameterize-overrides-apply")
    if observation.overridden:
        fail(CLASS, "Reparameterize-no-function")
    return observation


def _pulled(student: Student, cases: Sequence[Case]) -> Iterator[tuple[Case, GradientObservation]]:
    """What came back for each case. Raises `StudentFault` where nothing did, and as `_ordinary` does."""
    return zip(cases, map(_ordinary, observations(student, CLASS, [case.asked(_pull) for case in cases])), strict=True)


def _entries(observation: GradientObservation) -> tuple[Any, ...]:
    """What `backward` returns: three entries. Torch takes more as long as they are None."""
    entries = _recorded(_ordinary(observation))
    if len(entries) == 1:
        _demand_tensors(entries)
    if len(entries) < ARGUMENTS_OF_FORWARD or any(entry is not None for entry in entries[ARGUMENTS_OF_FORWARD:]):
        happened = f"`{CLASS}.backward` returned {len(entries)} value{'' if len(entries) == 1 else 's'}."
        fail(CLASS, "Reparameterize-number-of-gradients", happened)
    return entries


def _recorded(observation: GradientObservation) -> tuple[Any, ...]:
    """What `backward` returned. Raises `CheckFailed` if that is nothing, or if torch knows of none for z."""
    if not observation.gradients[0]:
        if isinstance(observation.value, TensorValue) and not observation.value.has_graph:
            fail(CLASS, "Reparameterize-not-recorded")
        raise CheckFailed(f"`{CLASS}`: no way leads back from z: torch has not recorded it, or its shape is not that of mu.")
    if len(observation.gradients[0]) == 1 and observation.gradients[0][0] is None:
        fail(CLASS, "no-return", f"`{CLASS}.backward`:")
    return observation.gradients[0]


def _demand_gradients(entries: Sequence[Any]) -> None:
    """Tensors, each of them. A None earns nothing: it is no gradient."""
    _demand_tensors(entries)
    for name, entry in zip(ENTRIES, entries, strict=False):
        if entry is None:
            fail(CLASS, "Reparameterize-no-gradient", f"`{CLASS}.backward` returned None for {name}.")


def _demand_tensors(entries: Sequence[Any]) -> None:
    for entry in entries:
        if isinstance(entry, Refused):
            fail(CLASS, "Reparameterize-list-for-tuple", f"`{CLASS}.backward` returned {entry.description}.")


def _gradients(observation: GradientObservation) -> tuple[Any, Any]:
    entries = _entries(observation)[: len(ENTRIES)]
    _demand_gradients(entries)
    return entries


def _pulled_back(student: Student, grad_z: Array, mu: Array, sigma: Array, epsilon: Array) -> tuple[Any, Any]:
    arguments = Tensor(mu, requires_grad=True), Tensor(sigma, requires_grad=True), Tensor(epsilon)
    (observation,) = observations(student, CLASS, [Pull(arguments, (grad_z,))])
    return _gradients(observation)


# For z alone `backward` is not run.
VALUE = Ask(lambda case: Pull(case.arguments, ()), lambda observation: _ordinary(observation).value)
GRADIENTS = Ask(_pull, _gradients)
