import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    scaled = sigma * epsilon
    return scaled + mu


def sample(mu, sigma, rng):
    rng.random(7)
    shape = np.broadcast(mu, sigma).shape
    pool = rng.standard_normal(3 * int(np.prod(shape)) + 5)
    rng.shuffle(pool)
    return mu + sigma * pool[: int(np.prod(shape))].reshape(shape)


def rsample(mu, log_var, generator=None):
    torch.randn(17, generator=generator)
    eps = torch.randn((2, *mu.shape), generator=generator, dtype=mu.dtype)[1]
    return mu + eps * torch.exp(0.5 * log_var)
