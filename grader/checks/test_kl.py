"""Hidden checks of `kl.py`. All arguments of a call have the same shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.answers import Array, Case, Tolerance, Value, as_array, read
from grader.checks.compare import check_inputs_unmodified, check_values
from grader.checks.inputs import SHAPES, drawn_once, number, positive, real
from grader.checks.pictures import POINTS, entries_of, gradient, pictured
from grader.observation import CheckFailed, Student, StudentFault
from grader.unit import WalkThrough

GRADIENTS = ("dKL/dmu", "dKL/dsigma")
LOG_VAR_GRADIENTS = ("dKL/dmu", "dKL/dlog_var")
TOTALS = ("grad_mu", "grad_sigma")
# Where pictures look, around the numbers of the walk-through.
AROUND = np.linspace(-1.0, 1.0, POINTS)
WALK_THROUGH = "These are the numbers of the handout's walk-through."
# One latent dimension each, so that nothing large hides what is small. Where sigma is far out one term outweighs the others: every algebraically
# equal formula is accurate there.
EXTREME_MU = np.array([[0.3], [-2.0], [1.5], [-1e-4], [1.7], [-0.4], [1e4], [-3e6]])
EXTREME_SIGMA = np.array([[1e-8], [1e8], [1e-4], [1e4], [3e7], [2e-7], [0.7], [1.6]])
# So far from mu = 0 and sigma = 1. A series that is cut off would do there for a few digits, and a divergence so small may have been held up by
# a bound from below. The difference of near numbers still has enough digits.
NEAR_THE_PRIOR = np.array([[3e-2, -4e-3, 1e-3], [-2e-2, 6e-3, -5e-4], [7e-2, -9e-3, 2e-3]])
EXTREME_LOG_VAR = np.array([[-30.0], [30.0], [-18.5], [18.5], [29.0], [-27.0], [12.5], [-12.5]])


@drawn_once
def mu_and_sigma(rng: np.random.Generator) -> list[Case]:
    return [*(Case((real(rng, shape), positive(rng, shape))) for shape in SHAPES), Case((NEAR_THE_PRIOR.T, 1.0 + NEAR_THE_PRIOR))]


@drawn_once
def mu_and_log_var(rng: np.random.Generator) -> list[Case]:
    return [*(Case((real(rng, shape), real(rng, shape, 1.2))) for shape in SHAPES), Case((NEAR_THE_PRIOR, NEAR_THE_PRIOR.T))]


@drawn_once
def totals(rng: np.random.Generator, *betas: float) -> list[Case]:
    """Calls of `total_gradient`: without beta, or with these in turn, by position and by keyword."""
    cases = []
    for index, shape in enumerate(SHAPES):
        arguments = real(rng, shape), real(rng, shape), positive(rng, shape), real(rng, shape, 1.0)
        if not betas:
            cases.append(Case(arguments))
        elif index % 2:
            cases.append(Case((*arguments, betas[index % len(betas)])))
        else:
            cases.append(Case(arguments, {"beta": betas[index % len(betas)]}))
    return cases


def test_kl_divergence_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    check_values(student, "kl_divergence", mu_and_sigma(rng), reference.kl_divergence)


def test_kl_divergence_walk_through(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    cases = [(number(walk_through.mu), number(walk_through.sigma))]
    check_values(student, "kl_divergence", cases, reference.kl_divergence, further=partial(mu_and_sigma, rng), remark=WALK_THROUGH)


def test_kl_divergence_extreme_values(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = [(EXTREME_MU, EXTREME_SIGMA)]
    further = partial(mu_and_sigma, rng)
    check_values(student, "kl_divergence", cases, reference.kl_divergence, further=further, otherwise="extreme-values-altered")


def test_kl_divergence_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "kl_divergence", [*mu_and_sigma(rng)[:2], (EXTREME_MU, EXTREME_SIGMA)])


def test_kl_gradient_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    grids = ("mu", walk_through.mu + AROUND), ("sigma", walk_through.sigma * 2.0**AROUND)
    at = walk_through.mu, walk_through.sigma
    with pictured(student, lambda: gradient(entries_of(student, "kl_gradient"), "kl_gradient", _each_dimension(reference), grids, at)):
        check_values(student, "kl_gradient", mu_and_sigma(rng), reference.kl_gradient, entries=GRADIENTS)


def test_kl_gradient_walk_through(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    cases = [(number(walk_through.mu), number(walk_through.sigma))]
    further = partial(mu_and_sigma, rng)
    check_values(student, "kl_gradient", cases, reference.kl_gradient, entries=GRADIENTS, further=further, remark=WALK_THROUGH)


def test_kl_gradient_finite_differences(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    mu, sigma = real(rng, (2, 3)), positive(rng, (2, 3))
    numerical = partial(_by_differences, reference.kl_divergence)
    try:
        further = partial(mu_and_sigma, rng)
        check_values(student, "kl_gradient", [(mu, sigma)], numerical, entries=GRADIENTS, rtol=1e-5, atol=1e-8, further=further)
    except CheckFailed as problem:
        raise CheckFailed(problem.message + _derivative_of_own_divergence(student, mu, sigma), problem.misconception) from None


def test_kl_gradient_extreme_values(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = [(EXTREME_MU, EXTREME_SIGMA)]
    further = partial(mu_and_sigma, rng)
    check_values(student, "kl_gradient", cases, reference.kl_gradient, entries=GRADIENTS, further=further, otherwise="extreme-values-altered")


def test_kl_gradient_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "kl_gradient", [*mu_and_sigma(rng)[:2], (EXTREME_MU, EXTREME_SIGMA)])


def test_kl_gradient_log_var_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    grids = ("mu", walk_through.mu + AROUND), ("log_var", walk_through.log_var + AROUND)
    at = walk_through.mu, walk_through.log_var
    divergence, ask = _each_dimension(reference), entries_of(student, "kl_gradient_log_var")
    with pictured(student, lambda: gradient(ask, "kl_gradient_log_var", lambda mu, log_var: divergence(mu, np.exp(log_var / 2)), grids, at)):
        check_values(student, "kl_gradient_log_var", mu_and_log_var(rng), reference.kl_gradient_log_var, entries=LOG_VAR_GRADIENTS)


def test_kl_gradient_log_var_walk_through(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    cases, further = [(number(walk_through.mu), number(walk_through.log_var))], partial(mu_and_log_var, rng)
    check_values(
        student, "kl_gradient_log_var", cases, reference.kl_gradient_log_var, entries=LOG_VAR_GRADIENTS, further=further, remark=WALK_THROUGH
    )


def test_kl_gradient_log_var_extreme_values(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases, further = [(EXTREME_MU, EXTREME_LOG_VAR)], partial(mu_and_log_var, rng)
    altered = "extreme-values-altered"
    check_values(student, "kl_gradient_log_var", cases, reference.kl_gradient_log_var, entries=LOG_VAR_GRADIENTS, further=further, otherwise=altered)


def test_kl_gradient_log_var_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "kl_gradient_log_var", [*mu_and_log_var(rng)[:2], (EXTREME_MU, EXTREME_LOG_VAR)])


def test_total_gradient_formula(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    further = partial(totals, rng, 0.3, 2.5)
    check_values(student, "total_gradient", totals(rng), reference.total_gradient, entries=TOTALS, further=further)


def test_total_gradient_walk_through(student: Student, reference: SimpleNamespace, rng: np.random.Generator, walk_through: WalkThrough) -> None:
    values = walk_through.grad_z, walk_through.mu, walk_through.sigma, walk_through.epsilon
    # Handed over only where it is not the default: what becomes of beta is judged by another check.
    keywords = {} if walk_through.beta == 1.0 else {"beta": walk_through.beta}
    cases = [Case(tuple(map(number, values)), keywords)]
    further = partial(totals, rng, 0.3, 2.5)
    check_values(student, "total_gradient", cases, reference.total_gradient, entries=TOTALS, further=further, remark=WALK_THROUGH)


def test_total_gradient_beta(student: Student, reference: SimpleNamespace, rng: np.random.Generator) -> None:
    cases = [*totals(rng, 0.3, 4.0)[:5], *totals(rng, 0.0, 1.0)[:2]]
    check_values(student, "total_gradient", cases, reference.total_gradient, entries=TOTALS, further=partial(totals, rng))


def test_total_gradient_inputs_unmodified(student: Student, rng: np.random.Generator) -> None:
    check_inputs_unmodified(student, "total_gradient", totals(rng)[:2])


def _by_differences(divergence: Callable[[Array, Array], Any], mu: Array, sigma: Array, step: float = 1e-5) -> tuple[Array, Array]:
    """Central differences of a KL divergence. Every element is made a code of its own, of one latent dimension, so that four calls do for all."""
    mu_column, sigma_column = mu.reshape(-1, 1), sigma.reshape(-1, 1)
    by_mu = divergence(mu_column + step, sigma_column) - divergence(mu_column - step, sigma_column)
    by_sigma = divergence(mu_column, sigma_column + step) - divergence(mu_column, sigma_column - step)
    return (by_mu / (2 * step)).reshape(mu.shape), (by_sigma / (2 * step)).reshape(mu.shape)


def _derivative_of_own_divergence(student: Student, mu: Array, sigma: Array) -> str:
    """A sentence for the message where the wrong gradient fits the student's own divergence, which then has the mistake."""
    try:
        own = _by_differences(lambda *arguments: as_array(student.call("kl_divergence", *arguments).value, "").reshape(-1), mu, sigma)
        gradient = read(student.call("kl_gradient", mu, sigma).value, "kl_gradient", len(own))
    except (StudentFault, CheckFailed, ValueError):
        return ""
    if not Tolerance(1e-5, 1e-8).agree(gradient, Value(own, single=False)):
        return ""
    return " It is the derivative of your own `kl_divergence`, though: the mistake is there."


def _each_dimension(reference: SimpleNamespace) -> Callable[[Array, Array], Array]:
    """The divergence of each latent dimension by itself: the last axis, over which it is summed, has length 1."""
    return lambda mu, sigma: np.asarray(reference.kl_divergence(mu[:, None], sigma[:, None]))
