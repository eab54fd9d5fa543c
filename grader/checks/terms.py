"""Which term of a sum is wrong? Where a right result is a sum of terms, what came back is fitted by them, and by others that do not belong there.

A fit that leaves nothing over, with simple coefficients, is the formula that the student wrote; a few wrong coefficients are worth a sentence each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.answers import Answer, Tolerance
from grader.checks.misconceptions import ANY, TABLE, Misconception
from grader.checks.patterns import first_wrong_entry

Parts = Mapping[str, Any]
MOST_WRONG = 2
MOST_COEFFICIENT = 8
# Coefficients that people write are multiples of this.
STEP = 1.0 / 8.0
ROUNDING = 1e-7
# So many numbers more than terms, and coefficients that are simple, leave another formula no chance to be fitted.
SURPLUS = 6
SENTENCES = {
    "term-missing": "The term with {name} is missing.",
    "term-sign": "The term with {name} has the wrong sign.",
    "term-factor": "The term with {name} has a wrong factor.",
    "term-extra": "A term with {name} does not belong there.",
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A right result as a sum: coefficients by the names of its terms. `parts` computes all terms, those that do not belong there included."""

    coefficients: Mapping[str, float]
    parts: Callable[..., Parts]


def _divergence(mu: Any, sigma: Any) -> Parts:
    one = np.ones(np.shape(mu))
    terms = {
        "the square of mu": mu**2,
        "the square of sigma": sigma**2,
        "the logarithm": np.log(sigma) * one,
        "a constant": one,
        "mu": mu,
        "sigma": sigma,
        "the absolute value of mu": np.abs(mu),
        "the root of sigma": np.sqrt(sigma),
        "1/sigma": 1.0 / sigma,
        "1/sigma^2": 1.0 / sigma**2,
        "the square of the logarithm": np.log(sigma) ** 2,
        "mu times sigma": mu * sigma,
    }
    return {name: np.sum(term, axis=-1) for name, term in terms.items()}


def _by_mu(mu: Any, second: Any) -> Parts:
    return {"mu": mu, "a constant": np.ones(np.shape(mu)), "the second argument": second, "the square of mu": mu**2, "|mu|": np.abs(mu)}


def _by_sigma(mu: Any, sigma: Any) -> Parts:
    return {
        "sigma": sigma,
        "1/sigma": 1.0 / sigma,
        "a constant": np.ones(np.shape(mu)),
        "mu": mu,
        "the square of sigma": sigma**2,
        "1/sigma^2": 1.0 / sigma**2,
        "1/sigma^3": 1.0 / sigma**3,
        "the logarithm": np.log(sigma),
    }


def _by_log_var(mu: Any, log_var: Any) -> Parts:
    return {
        "the variance": np.exp(log_var),
        "a constant": np.ones(np.shape(mu)),
        "log_var": log_var,
        "the square of log_var": log_var**2,
        "sigma": np.exp(log_var / 2),
        "1/sigma": np.exp(-log_var / 2),
        "1/variance": np.exp(-log_var),
        "the square of the variance": np.exp(2 * log_var),
        "mu": mu,
    }


def _total_mu(grad_z: Any, mu: Any, sigma: Any, epsilon: Any, beta: float = 1.0) -> Parts:
    return {
        "grad_z": grad_z,
        "mu and beta": beta * mu,
        "grad_z and beta": beta * grad_z,
        "mu without beta": mu,
        "the square of beta": beta**2 * mu,
        "grad_z and the noise": grad_z * epsilon,
        "grad_z and sigma": grad_z * sigma,
        "grad_z and mu": grad_z * mu,
        "sigma": beta * sigma,
        "the noise": epsilon,
        "the noise and beta": beta * sigma * epsilon,
    }


def _total_sigma(grad_z: Any, mu: Any, sigma: Any, epsilon: Any, beta: float = 1.0) -> Parts:
    return {
        "grad_z and the noise": grad_z * epsilon,
        "sigma and beta": beta * sigma,
        "1/sigma and beta": beta / sigma,
        "beta alone": beta * np.ones(np.shape(mu)),
        "sigma without beta": sigma,
        "1/sigma without beta": 1.0 / sigma,
        "grad_z, the noise and beta": beta * grad_z * epsilon,
        "grad_z without the noise": grad_z,
        "grad_z and sigma": grad_z * sigma,
        "grad_z, the noise and sigma": grad_z * epsilon * sigma,
        "sigma and the noise": beta * sigma * epsilon,
        "1/sigma and the noise": beta * epsilon / sigma,
        "the square of sigma": beta * sigma**2,
        "1/sigma^2": beta / sigma**2,
        "mu": beta * mu,
    }


def _weights_of_mu(x: Any, w_mu: Any, w_log_var: Any, epsilon: Any, grad_z: Any, beta: float = 1.0) -> Parts:
    return {name: x.T @ term for name, term in _total_mu(grad_z, x @ w_mu, np.exp(x @ w_log_var / 2), epsilon, beta).items()}


def _weights_of_log_var(x: Any, _w_mu: Any, w_log_var: Any, epsilon: Any, grad_z: Any, beta: float = 1.0) -> Parts:
    sigma = np.exp(x @ w_log_var / 2)
    terms = {
        "grad_z, the noise and sigma": grad_z * epsilon * sigma,
        "the variance and beta": beta * sigma**2,
        "beta alone": beta * np.ones(sigma.shape),
        "the variance without beta": sigma**2,
        "a constant without beta": np.ones(sigma.shape),
        "grad_z and the noise, but no sigma": grad_z * epsilon,
        "grad_z and sigma, but no noise": grad_z * sigma,
        "grad_z, the noise and the variance": grad_z * epsilon * sigma**2,
        "sigma and beta": beta * sigma,
        "1/sigma and beta": beta / sigma,
        "log_var and beta": beta * (x @ w_log_var),
    }
    return {name: x.T @ term for name, term in terms.items()}


def _reparameterized(mu: Any, sigma: Any, epsilon: Any) -> Parts:
    terms = {
        "mu": mu,
        "sigma and epsilon": sigma * epsilon,
        "sigma alone": sigma,
        "epsilon alone": epsilon,
        "mu and epsilon": mu * epsilon,
        "mu and sigma": mu * sigma,
        "the variance and epsilon": sigma**2 * epsilon,
        "the square of mu": mu**2,
        "a constant": 1.0,
        "the root of sigma": np.sqrt(sigma) * epsilon,
        "1/sigma": epsilon / sigma,
        "1 over the root of sigma": epsilon / np.sqrt(sigma),
        "the absolute value of epsilon": sigma * np.abs(epsilon),
    }
    return {name: term * np.ones(np.broadcast_shapes(*map(np.shape, (mu, sigma, epsilon)))) for name, term in terms.items()}


# One sum for each returned value.
SUMS: Mapping[str, tuple[Sum, ...]] = {
    "reparameterize": (Sum({"mu": 1.0, "sigma and epsilon": 1.0}, _reparameterized),),
    "kl_divergence": (Sum({"the square of mu": 0.5, "the square of sigma": 0.5, "the logarithm": -1.0, "a constant": -0.5}, _divergence),),
    "kl_gradient": (Sum({"mu": 1.0}, _by_mu), Sum({"sigma": 1.0, "1/sigma": -1.0}, _by_sigma)),
    "kl_gradient_log_var": (Sum({"mu": 1.0}, _by_mu), Sum({"the variance": 0.5, "a constant": -0.5}, _by_log_var)),
    "total_gradient": (
        Sum({"grad_z": 1.0, "mu and beta": 1.0}, _total_mu),
        Sum({"grad_z and the noise": 1.0, "sigma and beta": 1.0, "1/sigma and beta": -1.0}, _total_sigma),
    ),
    "encoder_backward": (
        Sum({"grad_z": 1.0, "mu and beta": 1.0}, _weights_of_mu),
        Sum({"grad_z, the noise and sigma": 0.5, "the variance and beta": 0.5, "beta alone": -0.5}, _weights_of_log_var),
    ),
}


def wrong_terms(function: str, answers: Sequence[Answer]) -> Misconception | None:
    """What is wrong with the terms of the first wrong one of the returned values, or None if that is not a matter of terms."""
    seen = [answer for answer in answers if answer.got is not None]
    index = first_wrong_entry(seen, Tolerance())
    if function not in SUMS or index is None:
        return None
    right = SUMS[function][index]
    coefficients = _fitted(right, seen, index)
    wrong = {name: value for name, value in coefficients.items() if value != right.coefficients.get(name, 0.0)}
    if not 0 < len(wrong) <= MOST_WRONG:
        return None
    kinds = [(_kind(value, right.coefficients.get(name, 0.0)), name) for name, value in wrong.items()]
    if sorted(kind for kind, _ in kinds) == ["term-extra", "term-missing"]:
        (_, missing), (_, extra) = sorted(kinds, reverse=True)
        says = f"A term with {extra} stands where one with {missing} belongs."
        return Misconception("term-replaced", ANY, says, TABLE["term-replaced"].look)
    first = TABLE[kinds[0][0]]
    return Misconception(first.id, ANY, " ".join(SENTENCES[kind].format(name=name) for kind, name in kinds), first.look)


def _fitted(right: Sum, answers: Sequence[Answer], index: int) -> Mapping[str, float]:
    """The coefficients of all terms, or nothing if no simple ones fit."""
    parts = [answer.case.apply(right.parts) for answer in answers]
    got = [answer.got.entries[index] for answer in answers if answer.got]
    names = list(parts[0])
    if any(np.shape(part[name]) != value.shape for part, value in zip(parts, got, strict=True) for name in names):
        return {}
    columns = np.stack([np.concatenate([np.ravel(part[name]) for part in parts]) for name in names], axis=1)
    values = np.concatenate([np.ravel(value) for value in got]).astype(np.float64)
    if not np.all(np.isfinite(values)) or not np.all(np.isfinite(columns)) or len(values) < SURPLUS + len(names):
        return {}
    solution, _, rank, _ = np.linalg.lstsq(columns, values, rcond=1e-10)
    simple = np.round(solution / STEP) * STEP
    if rank < len(names) or np.max(np.abs(simple)) > MOST_COEFFICIENT or not np.allclose(columns @ simple, values, rtol=ROUNDING, atol=ROUNDING):
        return {}
    return dict(zip(names, simple.tolist(), strict=True))


def _kind(value: float, wanted: float) -> str:
    if wanted == 0.0:
        return "term-extra"
    if value == 0.0:
        return "term-missing"
    return "term-sign" if value == -wanted else "term-factor"
