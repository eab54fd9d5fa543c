import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    mu, sigma, epsilon = np.broadcast_arrays(mu, sigma, epsilon)
    z = np.empty(mu.shape)
    for index in np.ndindex(*mu.shape):
        z[index] = mu[index] + sigma[index] * epsilon[index]
    return z


def sample(mu, sigma, rng):
    mu, sigma = np.broadcast_arrays(mu, sigma)
    z = np.zeros(mu.shape)
    for index in np.ndindex(*mu.shape):
        z[index] = mu[index] + sigma[index] * rng.standard_normal()
    return z


def rsample(mu, log_var, generator=None):
    z = torch.empty(mu.shape, dtype=mu.dtype)
    for index in np.ndindex(*mu.shape):
        noise = torch.randn((), generator=generator, dtype=mu.dtype)
        z[index] = mu[index] + torch.exp(log_var[index] / 2) * noise
    return z
