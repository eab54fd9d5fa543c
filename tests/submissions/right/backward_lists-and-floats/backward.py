import math

import numpy as np
import torch


def total(g, shape):
    g = np.asarray(g)
    if shape == ():
        return math.fsum(g.ravel())
    if g.ndim > len(shape):
        return total(np.array([g[i] for i in range(len(g))]).sum(0), shape)
    if shape[0] == 1:
        return [total(g.sum(0), shape[1:])]
    return [total(row, shape[1:]) for row in g]


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return total(grad_z, mu.shape), total(grad_z * epsilon, sigma.shape)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(mu, epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        mu, epsilon = ctx.saved_tensors
        grad_mu = grad_z * torch.ones_like(mu)
        grad_sigma = grad_z * epsilon
        return grad_mu, grad_sigma, None
