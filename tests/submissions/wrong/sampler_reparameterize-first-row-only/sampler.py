import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    z = np.zeros_like(epsilon)
    for i in range(epsilon.shape[0]):
        for j in range(epsilon.shape[1]):
            z[i, j] = mu[i, j] + sigma[i, j] * epsilon[i, j]
    return z


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    return mu + sigma * rng.standard_normal(shape)


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(0.5 * log_var)
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + sigma * epsilon
