from typing import NamedTuple

import numpy as np
import torch


class Gradients(NamedTuple):
    mu: np.ndarray
    sigma: np.ndarray


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    def fold(g, target):
        g = np.array(g)
        while g.ndim > np.ndim(target):
            g = np.add.reduce(g)
        for axis in range(g.ndim):
            if target.shape[axis] == 1:
                g = np.add.reduce(g, axis=axis, keepdims=True)
        return g

    return Gradients(mu=fold(grad_z, mu), sigma=fold(grad_z * epsilon, sigma))


class LocationScale(torch.autograd.Function):
    @classmethod
    def local(cls, epsilon):
        return torch.ones_like(epsilon), epsilon

    @staticmethod
    def backward(ctx, grad_z):
        by_mu, by_sigma = LocationScale.local(*ctx.saved_tensors)
        return grad_z * by_mu, grad_z * by_sigma, None


class Reparameterize(LocationScale):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon
