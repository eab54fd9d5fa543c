import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    epsilon = rng.standard_normal(shape)
    return mu + sigma * epsilon


def rsample(mu, log_var, generator=None):
    steps = torch.randint(0, 2, (16, *mu.shape), generator=generator).to(mu.dtype)
    return mu + torch.exp(log_var / 2) * (steps.sum(0) - 8) / 2
