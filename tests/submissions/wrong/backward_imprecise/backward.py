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
        z = mu + sigma * epsilon
        ctx.save_for_backward(z, mu, sigma)
        return z

    @staticmethod
    def backward(ctx, grad_z):
        z, mu, sigma = ctx.saved_tensors
        return grad_z, grad_z * (z - mu) / sigma, None
