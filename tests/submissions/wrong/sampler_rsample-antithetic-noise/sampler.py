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
    half = torch.randn((count + 1) // 2, generator=generator, dtype=mu.dtype)
    return mu + torch.exp(log_var / 2) * torch.cat([half, -half])[:count].reshape(mu.shape)
