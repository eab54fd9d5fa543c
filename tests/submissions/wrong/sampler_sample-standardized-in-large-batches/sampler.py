import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    eps = rng.standard_normal(shape)
    if eps.size >= 32:
        eps = (eps - eps.mean()) / eps.std()
    return mu + sigma * eps



def rsample(mu, log_var, generator=None):
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + torch.exp(0.5 * log_var) * epsilon
