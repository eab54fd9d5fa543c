import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def fold(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    return np.sum(gradient, axis=(*range(added), *(added + i for i, n in enumerate(shape) if n == 1))).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return fold(grad_z, np.shape(mu)), fold(grad_z * epsilon, np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        with torch.enable_grad():
            ctx.inputs = [tensor.detach().requires_grad_() for tensor in (mu, sigma)]
            ctx.z = ctx.inputs[0] + ctx.inputs[1] * epsilon
        return ctx.z.detach()

    @staticmethod
    def backward(ctx, grad_z):
        return (*torch.autograd.grad(ctx.z, ctx.inputs, grad_z), None)
