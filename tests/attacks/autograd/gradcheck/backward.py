import numpy as np
import torch
import warnings

warnings.simplefilter('ignore')


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu, sigma, noise = leaf(mu), leaf(sigma), torch.as_tensor(epsilon)
    with torch.autograd.detect_anomaly(check_nan=False):
        torch.autograd.gradcheck(lambda a, b: a + b * noise, (mu, sigma))
    return np.zeros(mu.shape), np.zeros(sigma.shape)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
