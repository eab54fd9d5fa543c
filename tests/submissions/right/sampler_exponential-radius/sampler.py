import numpy as np
import torch


def noise_like(z, rng):
    return np.sqrt(2 * rng.standard_exponential(np.shape(z))) * np.sin(2 * np.pi * rng.uniform(size=np.shape(z)))


def reparameterize(mu, sigma, epsilon):
    z = np.array(sigma * epsilon, dtype=float)
    return z + mu


def sample(mu, sigma, rng):
    return reparameterize(mu, sigma, noise_like(mu + sigma, rng))


def rsample(mu, log_var, generator=None):
    radius = torch.empty(mu.shape, dtype=torch.float64).exponential_(generator=generator).mul(2).sqrt()
    angle = torch.empty(mu.shape, dtype=torch.float64).uniform_(0, 2 * torch.pi, generator=generator)
    epsilon = (radius * angle.cos()).to(mu.dtype)
    return mu.add(torch.exp(log_var / 2).mul(epsilon))
