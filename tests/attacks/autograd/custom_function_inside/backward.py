import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


class Trick(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, gradient):
        return gradient, gradient * ctx.saved_tensors[0], None


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu, sigma = leaf(mu), leaf(sigma)
    Trick.apply(mu.expand(np.shape(grad_z)), sigma.expand(np.shape(grad_z)), torch.as_tensor(epsilon)).backward(torch.as_tensor(grad_z))
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
