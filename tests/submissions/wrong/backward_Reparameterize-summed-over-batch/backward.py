import numpy as np
import torch


def unbroadcast(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    grad_mu = unbroadcast(grad_z, np.shape(mu))
    grad_sigma = unbroadcast(grad_z * epsilon, np.shape(sigma))
    return (grad_mu, grad_sigma)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        g_mu, g_sigma = grad_z, grad_z * epsilon
        if grad_z.dim() > 1:
            g_mu = g_mu.sum(0, keepdim=True).expand_as(grad_z)
            g_sigma = g_sigma.sum(0, keepdim=True).expand_as(grad_z)
        return g_mu, g_sigma, None
