import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def fold(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    return np.sum(gradient, axis=(*range(added), *(added + i for i, n in enumerate(shape) if n == 1))).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    z = lambda a, b: a + b * epsilon
    slope = z(0.0, 1.0) - z(0.0, 0.0)
    return fold(grad_z * np.ones_like(slope), np.shape(mu)), fold(grad_z * slope, np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
