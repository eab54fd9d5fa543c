import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu, sigma, noise, pulled = leaf(mu), leaf(sigma), torch.as_tensor(epsilon), torch.as_tensor(grad_z)
    compiled = torch.compile(lambda a, b: a + b * noise, backend="eager")
    compiled(mu, sigma).backward(pulled)
    return mu.grad.numpy(), sigma.grad.numpy()


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
