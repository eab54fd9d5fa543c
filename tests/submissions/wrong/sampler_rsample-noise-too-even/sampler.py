import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    epsilon = rng.standard_normal(shape)
    return reparameterize(mu, sigma, epsilon)


def rsample(mu, log_var, generator=None):
    count = mu.numel()
    strata = torch.randperm(count, generator=generator, dtype=torch.float64)
    u = (strata + torch.rand(count, generator=generator, dtype=torch.float64)) / count
    return mu + torch.exp(log_var / 2) * torch.special.ndtri(u).to(mu.dtype).reshape(mu.shape)
