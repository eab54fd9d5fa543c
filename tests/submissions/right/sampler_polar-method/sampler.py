import math

import numpy as np
import torch


def polar(uniform):
    while True:
        x = 2.0 * uniform() - 1.0
        y = 2.0 * uniform() - 1.0
        s = x * x + y * y
        if 0.0 < s < 1.0:
            return x * math.sqrt(-2.0 * math.log(s) / s)


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    noise = np.array([polar(rng.random) for _ in range(int(np.prod(shape)))])
    return mu + sigma * noise.reshape(shape)


def rsample(mu, log_var, generator=None):
    # The polar method on the whole tensor: refused points are drawn again until none is left.
    noise = torch.zeros(mu.numel(), dtype=mu.dtype)
    missing = torch.ones(mu.numel(), dtype=torch.bool)
    while missing.any():
        count = int(missing.sum())
        x = 2 * torch.rand(count, generator=generator, dtype=torch.float64) - 1
        y = 2 * torch.rand(count, generator=generator, dtype=torch.float64) - 1
        s = x**2 + y**2
        good = (s > 0) & (s < 1)
        places = torch.nonzero(missing).flatten()[good]
        noise[places] = (x * torch.sqrt(-2 * torch.log(s) / s))[good].to(mu.dtype)
        missing[places] = False
    return mu + torch.exp(log_var / 2) * noise.reshape(mu.shape)
