import math

import numpy as np
import torch


def gauss(shape, rng):
    radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
    angle = 2 * np.pi * rng.random(shape)
    return radius * np.cos(angle)


def reparameterize(mu, sigma, epsilon):
    return epsilon * sigma + mu


def sample(mu, sigma, rng):
    shape = (np.zeros_like(mu) + np.zeros_like(sigma)).shape
    return reparameterize(mu, sigma, gauss(shape, rng))


def rsample(mu, log_var, generator=None):
    u1 = torch.rand(mu.shape, generator=generator, dtype=torch.float64)
    u2 = torch.rand(mu.shape, generator=generator, dtype=torch.float64)
    noise = torch.sqrt(-2 * torch.log1p(-u1)) * torch.sin(2 * math.pi * u2)
    return torch.exp(0.5 * log_var) * noise.to(mu.dtype) + mu
