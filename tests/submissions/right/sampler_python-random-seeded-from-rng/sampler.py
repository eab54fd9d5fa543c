import random

import numpy as np
import torch
from torch import Tensor


def reparameterize(mu, sigma, epsilon):
    mu, sigma, epsilon = np.broadcast_arrays(mu, sigma, epsilon)
    flat = [float(m) + float(s) * float(e) for m, s, e in zip(mu.flat, sigma.flat, epsilon.flat, strict=True)]
    return np.reshape(flat, mu.shape)


def sample(mu, sigma, rng):
    source = random.Random(int(rng.integers(2**62)))
    both = np.broadcast(mu, sigma)
    return np.array([source.gauss(float(m), float(s)) for m, s in both]).reshape(both.shape)


def rsample(mu: Tensor, log_var: Tensor, generator: torch.Generator | None = None) -> Tensor:
    if generator is None:
        base = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
        epsilon = base.sample()
    else:
        epsilon = torch.normal(0.0, 1.0, size=tuple(mu.shape), generator=generator, dtype=mu.dtype)
    return mu + (log_var * 0.5).exp() * epsilon
