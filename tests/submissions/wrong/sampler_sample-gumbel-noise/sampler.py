import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    return mu + sigma * rng.gumbel(size=np.broadcast_shapes(np.shape(mu), np.shape(sigma)))


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(log_var / 2)
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    return mu + sigma * epsilon
