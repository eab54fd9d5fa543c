import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    return reparameterize(mu, sigma, rng.standard_normal(np.broadcast_shapes(np.shape(mu), np.shape(sigma))))


def rsample(mu, log_var, generator=None):
    return reparameterize(mu, torch.exp(log_var / 2), torch.randn(mu.shape, generator=generator, dtype=mu.dtype))
