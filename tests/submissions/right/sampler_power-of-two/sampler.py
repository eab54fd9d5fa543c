import math

import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu - sigma * (-epsilon)


def sample(mu, sigma, rng):
    return mu - sigma * rng.standard_normal(np.broadcast(mu, sigma).shape)


def rsample(mu, log_var, generator=None):
    sigma = 2 ** (log_var / (2 * math.log(2)))
    noise = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return mu - sigma * noise
