from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import torch

from chain_rule.broadcasting import undo
from chain_rule import products


@dataclass(frozen=True)
class Local:
    mu: object
    sigma: object


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    local = Local(mu=1.0, sigma=epsilon)
    pairs = zip(products.with_each(grad_z, astuple(local)), (mu, sigma))
    return tuple(undo(gradient, np.shape(parameter)) for gradient, parameter in pairs)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.local = Local(None, epsilon.detach().clone())
        return products.affine(mu, sigma, epsilon)

    @staticmethod
    def backward(ctx, grad_z):
        grad_mu, grad_sigma = products.with_each(grad_z, (1.0, ctx.local.sigma))
        return grad_mu, grad_sigma, None
