import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    epsilon = rng.standard_normal(shape)
    if shape and shape[0] > 1:
        half = shape[0] // 2
        epsilon[half:2 * half] = epsilon[:half]
    return mu + sigma * epsilon


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(0.5 * log_var)
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + sigma * epsilon
