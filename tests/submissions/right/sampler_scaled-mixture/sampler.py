import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma), np.shape(epsilon))
    if shape == ():
        return float(np.asarray(mu) + np.asarray(sigma) * np.asarray(epsilon))
    rows = zip(*(np.broadcast_to(x, shape) for x in (mu, sigma, epsilon)), strict=True)
    return np.array([reparameterize(*row) for row in rows])


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    # A sum of independent Gaussians is Gaussian, and the variances add up: 0.36 + 0.64 = 1.
    epsilon = 0.6 * rng.standard_normal(shape) + 0.8 * rng.standard_normal(shape)
    return reparameterize(mu, sigma, epsilon)


def rsample(mu, log_var, generator=None):
    if mu.dim() == 0:
        a, b = torch.randn(2, generator=generator, dtype=mu.dtype)
        return mu + torch.exp(log_var / 2) * (a - b) / 2**0.5
    return torch.stack([rsample(m, v, generator) for m, v in zip(mu, log_var, strict=True)])
