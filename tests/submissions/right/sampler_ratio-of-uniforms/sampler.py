import numpy as np
import torch


def ratio_of_uniforms(rng):
    limit = np.sqrt(2 / np.e)
    while True:
        u, v = rng.random(), rng.uniform(-limit, limit)
        if u > 0 and (v / u) ** 2 <= -4 * np.log(u):
            return v / u


def reparameterize(mu, sigma, epsilon):
    if np.ndim(mu) or np.ndim(sigma) or np.ndim(epsilon):
        return mu + sigma * epsilon
    return float(mu) + float(sigma) * float(epsilon)


def sample(mu, sigma, rng):
    z = mu + sigma * 0.0
    if np.ndim(z) == 0:
        return float(mu + sigma * ratio_of_uniforms(rng))
    sign = np.where(rng.integers(0, 2, z.shape) == 1, 1.0, -1.0)
    return mu + sigma * sign * np.sqrt(rng.chisquare(1, z.shape))


def rsample(mu, log_var, generator=None):
    gen = generator if generator is not None else torch.default_generator
    return mu + torch.exp(log_var / 2) * torch.empty_like(mu).normal_(generator=gen).detach()
