def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    epsilon = rng.standard_normal(shape)
    return mu + sigma * epsilon


import numpy as np
import torch

def rsample(mu, log_var, generator=None):
    batch, latent = mu.shape
    eps = torch.randn(batch, latent, generator=generator, dtype=mu.dtype)
    return mu + torch.exp(0.5 * log_var) * eps
