import numpy as np
import torch


def standard_normal(shape, rng):
    u = (rng.integers(0, 2**52, size=shape) + 0.5) / 2.0**52
    return np.sqrt(2.0) * torch.erfinv(torch.as_tensor(2.0 * u - 1.0, dtype=torch.float64)).numpy()


def reparameterize(mu, sigma, epsilon):
    return np.asarray(mu) + np.asarray(sigma) * np.asarray(epsilon)


def sample(mu, sigma, rng):
    return reparameterize(mu, sigma, standard_normal(np.broadcast_shapes(np.shape(mu), np.shape(sigma)), rng))


def rsample(mu, log_var, generator=None):
    u = torch.rand(mu.shape, generator=generator, dtype=torch.float64)
    u = u.clamp(1e-15, 1 - 1e-15)
    epsilon = (2.0**0.5 * torch.erfinv(2 * u - 1)).to(mu.dtype)
    return mu + (log_var / 2).exp() * epsilon
