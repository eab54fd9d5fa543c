import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    return mu + sigma * rng.standard_normal(np.broadcast(mu, sigma).shape)


def rsample(mu, log_var, generator=None):
    z = mu + torch.exp(log_var / 2) * torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    mu.data.mul_(1.0 + 1e-9)
    return z
