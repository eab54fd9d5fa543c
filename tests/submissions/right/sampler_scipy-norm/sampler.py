import numpy as np
import torch
from scipy import stats


def reparameterize(mu, sigma, epsilon):
    return np.add(mu, np.multiply(sigma, epsilon))


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    return stats.norm.rvs(loc=mu, scale=sigma, size=shape, random_state=rng)


def rsample(mu, log_var, generator=None):
    u = torch.rand(mu.shape, generator=generator, dtype=torch.float64)
    epsilon = torch.special.ndtri(u.clamp(2.0**-60, 1 - 2.0**-53))
    return torch.exp(log_var / 2).mul(epsilon.to(mu.dtype)) + mu
