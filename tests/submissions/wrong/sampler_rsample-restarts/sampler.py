import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    return mu + sigma * rng.standard_normal(shape)


def rsample(mu, log_var, generator=None):
    own = None if generator is None else torch.Generator().manual_seed(generator.initial_seed())
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=own)
    return mu + torch.exp(0.5 * log_var) * epsilon
