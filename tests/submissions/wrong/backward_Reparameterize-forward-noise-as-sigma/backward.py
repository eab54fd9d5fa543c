import numpy as np
import torch


def shrink(gradient, like):
    """Sum over whatever broadcasting expanded."""
    gradient = np.asarray(gradient)
    while gradient.ndim > np.ndim(like):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(np.shape(like)):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    grad_mu = shrink(grad_z, mu)
    grad_sigma = shrink(grad_z * epsilon, sigma)
    return grad_mu, grad_sigma


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu * sigma + epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
