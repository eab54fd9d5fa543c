import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    epsilon = rng.standard_normal(shape)
    return reparameterize(mu, sigma, epsilon)


def rsample(mu, log_var, generator=None):
    steps = torch.randn(mu.numel() + 1, generator=generator, dtype=mu.dtype)
    return mu + torch.exp(log_var / 2) * ((steps[1:] + steps[:-1]) / 2**0.5).reshape(mu.shape)
