from statistics import NormalDist

import numpy as np
import torch

STANDARD = NormalDist(0.0, 1.0)


def one(rng):
    u = rng.uniform()
    while u <= 0.0:
        u = rng.uniform()
    return STANDARD.inv_cdf(float(u))


def reparameterize(mu, sigma, epsilon):
    return np.vectorize(lambda m, s, e: m + s * e, otypes=[float])(mu, sigma, epsilon)


def sample(mu, sigma, rng):
    draw = np.vectorize(lambda m, s: m + s * one(rng), otypes=[np.float64])
    return draw(mu, sigma)


def rsample(mu, log_var, generator=None):
    eps = torch.zeros(mu.size(), dtype=mu.dtype).normal_(mean=0.0, std=1.0, generator=generator)
    return torch.addcmul(mu, log_var.mul(0.5).exp(), eps)
