import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    flat = rng.standard_normal(int(np.prod(shape)))
    mixed = flat.copy()
    mixed[1:] = 0.8 * flat[1:] + 0.6 * flat[:-1]
    return mu + sigma * mixed.reshape(shape)


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(0.5 * log_var)
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + sigma * epsilon
