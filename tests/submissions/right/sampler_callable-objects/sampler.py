import functools

import numpy as np
import torch


class Shift:
    def __call__(self, mu, sigma, epsilon):
        return mu + sigma * epsilon


class Sampler:
    def __init__(self, transform):
        self.transform = transform

    def draw(self, mu, sigma, rng):
        return self.transform(mu, sigma, rng.standard_normal(np.broadcast(mu, sigma).shape))


def _rsample(noise, mu, log_var, generator=None):
    return mu + torch.exp(0.5 * log_var) * noise(mu.shape, generator=generator, dtype=mu.dtype)


reparameterize = Shift()
sample = Sampler(reparameterize).draw
rsample = functools.partial(_rsample, torch.randn)
