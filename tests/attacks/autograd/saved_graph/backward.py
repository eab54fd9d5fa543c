import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


A, B, C = (leaf(np.ones(())) for _ in range(3))
Z = A + B * C


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    one, noise, _ = torch.autograd.grad(Z, (A, B, C), retain_graph=True)
    total = np.broadcast_to(grad_z, np.shape(grad_z)) * float(one)
    return fold(total, np.shape(mu)), fold(total * epsilon * float(noise), np.shape(sigma))


def fold(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    return np.sum(gradient, axis=(*range(added), *(added + i for i, n in enumerate(shape) if n == 1))).reshape(shape)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
