import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    z = np.asfortranarray(mu + sigma * epsilon)
    z.setflags(write=False)
    return z if np.ndim(mu + sigma * epsilon) else z[()] if z.ndim == 0 else z.reshape(())


def sample(mu, sigma, rng):
    mu, sigma = np.broadcast_arrays(mu, sigma)
    reversed_noise = rng.standard_normal(mu.T.shape)
    noise = reversed_noise.T
    backwards = noise[::-1] if noise.ndim else noise
    return mu + sigma * backwards


def rsample(mu, log_var, generator=None):
    epsilon = torch.randn(tuple(reversed(mu.shape)), generator=generator, dtype=mu.dtype)
    epsilon = epsilon.permute(*reversed(range(mu.dim()))) if mu.dim() else epsilon
    return torch.stack([mu, torch.exp(log_var / 2) * epsilon]).sum(dim=0)
