import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    for _ in range(3):
        try:
            a, b = leaf(mu), leaf(sigma)
            return tuple(g.numpy() for g in torch.autograd.grad(a + b * torch.as_tensor(epsilon), (a, b), torch.as_tensor(grad_z)))
        except BaseException:
            continue
    return grad_z, grad_z * epsilon


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
