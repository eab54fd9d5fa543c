import numpy as np
import torch
from torch.autograd.function import once_differentiable


def sum_to(gradient, shape):
    padded = (1,) * (np.ndim(gradient) - len(shape)) + tuple(shape)
    axes = tuple(i for i, (have, want) in enumerate(zip(np.shape(gradient), padded)) if have != want)
    return np.sum(gradient, axis=axes, keepdims=True).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return [sum_to(grad_z, np.shape(mu)), sum_to(grad_z * epsilon, np.shape(sigma))]


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(epsilon)
        return mu.add(sigma.mul(epsilon))

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_z):
        if grad_z is None:
            return None, None, None
        (epsilon,) = ctx.saved_tensors
        return grad_z, epsilon * grad_z, None
