import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return np.einsum("...,...->...", sigma, epsilon) + mu


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    count = int(np.prod(shape))
    pairs = rng.multivariate_normal(np.zeros(2), np.eye(2), size=(count + 1) // 2)
    return mu + sigma * pairs.reshape(-1)[:count].reshape(shape)


def rsample(mu, log_var, generator=None):
    flat = torch.randn(mu.numel() + 3, generator=generator, dtype=mu.dtype)[3:]
    return mu + torch.exp(log_var).pow(0.5) * flat.view(mu.shape)
