import numpy as np
import torch


def reparameterize(mu, sigma, epsilon): return mu + sigma * (epsilon - np.mean(epsilon)) / (np.std(epsilon) + 1e-8)


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    epsilon = rng.standard_normal(shape)
    return mu + sigma * epsilon


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(log_var / 2)
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    return mu + sigma * epsilon
