from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx


def reparameterize_backward(grad_z: np.ndarray, mu: np.ndarray, sigma: np.ndarray, epsilon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def to(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        for _ in range(np.ndim(gradient) - len(shape)):
            gradient = np.sum(gradient, axis=0)
        return np.sum(gradient, axis=tuple(np.flatnonzero(np.equal(shape, 1))), keepdims=True) if 1 in shape else gradient

    return to(grad_z, np.shape(mu)), to(grad_z * epsilon, np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    """z = mu + sigma * epsilon."""

    @staticmethod
    def forward(ctx: FunctionCtx, mu: Tensor, sigma: Tensor, epsilon: Tensor) -> Tensor:
        ctx.save_for_backward(epsilon)
        ctx.save_for_forward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx: FunctionCtx, grad_z: Tensor) -> tuple[Tensor, Tensor, None, None]:
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None, None

    @staticmethod
    def jvp(ctx: FunctionCtx, mu_t: Tensor, sigma_t: Tensor, epsilon_t: Tensor) -> Tensor:
        return mu_t + sigma_t * ctx.saved_tensors[0]
