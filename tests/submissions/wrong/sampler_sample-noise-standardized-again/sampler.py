def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


import numpy as np
import torch

def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    eps = rng.standard_normal(shape)
    eps = (eps - np.mean(eps)) / np.std(eps)
    return mu + sigma * eps


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(log_var / 2)
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    return mu + sigma * epsilon
