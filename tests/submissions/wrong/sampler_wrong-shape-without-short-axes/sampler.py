def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


import numpy as np
import torch
def sample(mu, sigma, rng):
    z = mu + sigma * rng.standard_normal(np.broadcast_shapes(np.shape(mu), np.shape(sigma)))
    return np.squeeze(z)


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(log_var / 2)
    epsilon = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    return mu + sigma * epsilon
