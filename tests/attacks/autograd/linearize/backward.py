import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    noise = torch.as_tensor(epsilon)
    value, push = torch.func.linearize(lambda a, b: a + b * noise, torch.as_tensor(mu), torch.as_tensor(sigma))
    return push(torch.ones_like(torch.as_tensor(mu)), torch.ones_like(torch.as_tensor(sigma))).numpy(), 0.0


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
