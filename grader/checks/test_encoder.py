"""Hidden checks of `encoder.py`: x is (batch, features), the weights are (features, latent), the noise and grad_z are (batch, latent)."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.answers import Array, Case, read
from grader.checks.compare import check_inputs_unmodified, check_values
from grader.checks.finite_differences import central_differences
from grader.checks.inputs import drawn_once, real
from grader.checks.pictures import POINTS, gradient, pictured
from grader.model import Picture
from grader.observation import Student
from grader.unit import WalkThrough

FUNCTION = "encoder_backward"
ENTRIES = ("grad_w_mu", "grad_w_log_var")
# batch, features, latent: all different; square in each pair of neighbours, where a transposition keeps shapes; all equal.
SIZES = ((5, 3, 2), (4, 2, 3), (3, 3, 2), (6, 4, 4), (3, 3, 3))
SMALL_SIZES = ((1, 3, 2), (5, 1, 2), (5, 3, 1), (1, 1, 4), (4, 1, 1), (1, 1, 1))
BETAS = (0.3, 4.0, 0.0, 1.0)
# One sample a row: mu up to 10, log_var from -9 to 6, noise and gradients further out than usual. Beyond, bounds for safety do no harm to a model.
FAR_MU, FAR_LOG_VAR = np.array([[8.0, -10.0], [-3.0, 6.0]]), np.array([[-9.0, 6.0], [4.5, -2.5]])
FAR_EPSILON, FAR_GRAD_Z = np.array([[4.2, -3.7], [-1.5, 4.6]]), np.array([[-30.0, 12.0], [9.0, -25.0]])
# Where pictures look: one feature of a batch of two, weights around the numbers of the walk-through.
IN_PICTURES = np.array([[1.0], [-0.5]])
AROUND = np.linspace(-1.0, 1.0, POINTS)


@drawn_once
def encoders(rng: np.random.Generator, sizes: tuple[tuple[int, int, int], ...] = SIZES, betas: tuple[float, ...] = ()) -> list[Case]:
    """Calls without beta, or with these in turn, by position and by keyword. The weights keep |log_var| moderate: exp(log_var) stays below e^4."""
    cases = []
    for index, (batch, features, latent) in enumerate(sizes):
        scale = 0.7 / np.sqrt(features)
        x, epsilon, grad_z = real(rng, (batch, features), 1.0), real(rng, (batch, latent), 1.0), real(rng, (batch, latent), 1.0)
        arguments = x, real(rng, (features, latent), scale), real(rng, (features, latent), scale), epsilon, grad_z
        if not betas:
            cases.append(Case(arguments))
        elif index % 2:
            cases.append(Case((*arguments, betas[index % len(betas)])))
        else:
            cases.append(Case(arguments, {"beta": betas[index % len(betas)]}))
    return cases


def test_encoder_backward_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    further = partial(encoders, rng, betas=BETAS)
    with pictured(student, lambda: _picture(student, reference, walk_through)):
        asked = partial(check_values, student, FUNCTION, reference=reference.encoder_backward, entries=ENTRIES, further=further)
        asked(encoders(rng))
        asked([(np.eye(2), FAR_MU, FAR_LOG_VAR, FAR_EPSILON, FAR_GRAD_Z)], otherwise="extreme-values-altered")


def test_encoder_backward_beta(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = encoders(rng, betas=BETAS)
    check_values(student, FUNCTION, cases, reference.encoder_backward, entries=ENTRIES, further=partial(encoders, rng))


def test_encoder_backward_finite_differences(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    numerical = partial(_by_differences, reference.kl_divergence)
    further = partial(encoders, rng, betas=BETAS)
    check_values(student, FUNCTION, encoders(rng, SIZES[:1]), numerical, entries=ENTRIES, rtol=1e-5, atol=1e-7, further=further)


def test_encoder_backward_small_shapes(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    further = partial(encoders, rng, betas=BETAS)
    check_values(student, FUNCTION, encoders(rng, SMALL_SIZES), reference.encoder_backward, entries=ENTRIES, further=further)


def test_encoder_backward_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, FUNCTION, encoders(rng, SIZES[:2]))


def _picture(student: Student, reference: SimpleNamespace, at: WalkThrough) -> Picture | None:
    """The gradients of two weights, with the handout's numbers: a feature, a batch of two, and a latent dimension for every point of the picture."""
    epsilon, grad_z = np.full((2, POINTS), at.epsilon), np.full((2, POINTS), at.grad_z)

    def ask(w_mu: Array, w_log_var: Array) -> list[Array]:
        entries = read(
            student.call(FUNCTION, IN_PICTURES, w_mu[np.newaxis], w_log_var[np.newaxis], epsilon, grad_z).value, FUNCTION, len(ENTRIES)
        ).entries
        return [np.squeeze(entry, axis=0) if entry.ndim > 1 and len(entry) == 1 else entry for entry in entries]

    def loss(w_mu: Array, w_log_var: Array) -> Array:
        mu, sigma = IN_PICTURES * w_mu, np.exp(IN_PICTURES * w_log_var / 2)
        divergence = reference.kl_divergence(mu[..., np.newaxis], sigma[..., np.newaxis])
        return np.asarray(np.sum(grad_z * (mu + sigma * epsilon) + divergence, axis=0))

    grids = ("w_mu", at.mu + AROUND), ("w_log_var", at.log_var + AROUND)
    return gradient(ask, FUNCTION, loss, grids, (at.mu, at.log_var), " and a batch of two with one feature, x = 1 and x = -0.5")


def _by_differences(
    kl_divergence: Any, x: Array, w_mu: Array, w_log_var: Array, epsilon: Array, grad_z: Array, beta: float = 1.0
) -> tuple[Array, Array]:
    """Central differences of the forward pass, with L = sum(grad_z * z)."""

    def loss(w_mu: Array, w_log_var: Array) -> Any:
        mu, sigma = x @ w_mu, np.exp(x @ w_log_var / 2)
        return np.sum(grad_z * (mu + sigma * epsilon)) + beta * np.sum(kl_divergence(mu, sigma))

    by_w_mu = central_differences(lambda moved: loss(moved, w_log_var), w_mu)
    return by_w_mu, central_differences(lambda moved: loss(w_mu, moved), w_log_var)
