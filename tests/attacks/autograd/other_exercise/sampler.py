import numpy as np
import torch


def pull(grad_z, mu, sigma, epsilon):
    mu, sigma = (torch.tensor(np.asarray(array, dtype=float), requires_grad=True) for array in (mu, sigma))
    z = mu + sigma * torch.as_tensor(epsilon)
    z.backward(torch.as_tensor(grad_z))
    return mu.grad.numpy(), sigma.grad.numpy()


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    return mu + sigma * rng.standard_normal(np.broadcast_shapes(np.shape(mu), np.shape(sigma)))


def rsample(mu, log_var, generator=None):
    return mu + torch.exp(log_var / 2) * torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
