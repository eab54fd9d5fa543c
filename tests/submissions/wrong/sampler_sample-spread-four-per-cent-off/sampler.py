import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    return mu + 1.04 * sigma * rng.standard_normal(np.broadcast_shapes(np.shape(mu), np.shape(sigma)))



def rsample(mu, log_var, generator=None):
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + torch.exp(0.5 * log_var) * epsilon
