"""The encoder's forward pass and the gradients that arrive at its outputs: what the tables of mistakes change one or two parts of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.misconceptions.record import Misconception

INNER = "The path from z to log_var leads over sigma = exp(log_var / 2): the chain rule asks for its derivative, too."
BETA = "beta weighs the KL term, for both weights, and nothing else."
KL_OF_MU = "Differentiate the closed form by mu."
KL = "Take the KL gradient with respect to log_var, not to sigma, and compare with kl_gradient_log_var."
PRODUCT = "Weight w[i, j] acts on output [n, j] by x[n, i], in every example n: sum over the examples."


@dataclass(frozen=True, slots=True)
class Pass:
    """The forward pass, and the four gradients that arrive at mu and log_var. A mistake changes one or two of them."""

    x: Any
    w_mu: Any
    w_log_var: Any
    epsilon: Any
    grad_z: Any
    beta: Any
    mu: Any
    log_var: Any
    sigma: Any

    @property
    def z_to_log_var(self) -> Any:
        """What arrives at log_var along the path through z."""
        return self.grad_z * self.epsilon * self.sigma / 2

    @property
    def kl_to_log_var(self) -> Any:
        """What arrives at log_var along the path through the KL term, before beta."""
        return np.expm1(self.log_var) / 2

    @property
    def to_mu(self) -> Any:
        """All that arrives at mu."""
        return self.grad_z + self.beta * self.mu

    @property
    def to_log_var(self) -> Any:
        """All that arrives at log_var."""
        return self.z_to_log_var + self.beta * self.kl_to_log_var

    def weights(self, to_mu: Any, to_log_var: Any) -> tuple[Any, Any]:
        """The right way back into the weights."""
        return self.x.T @ to_mu, self.x.T @ to_log_var


Result = Callable[[Pass], Any]


def formula_of(result: Result, change_beta: Callable[[Any], Any] = lambda beta: beta, default: float = 1.0) -> Callable[..., Any]:
    """A wrong result of the pass, or a right one with a beta that something was made of before."""

    def formula(x: Any, w_mu: Any, w_log_var: Any, epsilon: Any, grad_z: Any, beta: float = default) -> Any:
        log_var = x @ w_log_var
        return result(Pass(x, w_mu, w_log_var, epsilon, grad_z, change_beta(beta), x @ w_mu, log_var, np.exp(log_var / 2)))

    return formula


def whole(name: str, says: str, look: str, result: Result, *also: Result) -> Misconception:
    """A mistake in what is returned."""
    return Misconception(f"encoder-{name}", "encoder_backward", says, look, formula_of(result), tuple(map(formula_of, also)))


def of_beta(name: str, says: str, look: str, *formulas: Callable[..., Any]) -> Misconception:
    """A mistake in what becomes of beta, or in its default."""
    return Misconception(f"encoder-{name}", "encoder_backward", says, look, None, formulas)


def right(p: Pass) -> Any:
    """No mistake at all."""
    return p.weights(p.to_mu, p.to_log_var)


def arriving(
    name: str, says: str, look: str, to_mu: Callable[[Pass], Any] = lambda p: p.to_mu, to_log_var: Callable[[Pass], Any] = lambda p: p.to_log_var
) -> Misconception:
    """A mistake in what arrives at mu or at log_var; the way back into the weights is right."""
    return whole(name, says, look, lambda p: p.weights(to_mu(p), to_log_var(p)))
