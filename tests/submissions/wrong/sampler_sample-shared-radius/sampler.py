import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    radius = np.sqrt(-2 * np.log1p(-rng.random(shape[-1:])))
    return mu + sigma * radius * np.cos(2 * np.pi * rng.random(shape))


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(0.5 * log_var)
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + sigma * epsilon
