import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    mu_b, sigma_b = np.broadcast_arrays(mu, sigma)
    if mu_b.ndim < 2:
        return mu_b + sigma_b * rng.standard_normal(mu_b.shape)
    flat = (-1, mu_b.shape[-1])
    row = rng.standard_normal(mu_b.shape[-1])
    eps = np.array([rng.permutation(row) for _ in mu_b.reshape(flat)])
    return mu_b + sigma_b * eps.reshape(mu_b.shape)


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(log_var / 2)
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    return mu + sigma * epsilon
