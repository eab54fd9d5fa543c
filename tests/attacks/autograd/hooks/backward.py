import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    taken = {}
    mu, sigma = leaf(mu), leaf(sigma)
    mu.register_hook(lambda gradient: taken.__setitem__("mu", gradient))
    sigma.register_post_accumulate_grad_hook(lambda tensor: taken.__setitem__("sigma", tensor.grad))
    (mu + sigma * torch.as_tensor(epsilon)).backward(torch.as_tensor(grad_z))
    return taken["mu"].numpy(), taken["sigma"].numpy()


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
