import numpy as np
import torch
import random


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    epsilon = np.array([random.gauss(0, 1) for _ in range(int(np.prod(shape)))]).reshape(shape)
    return mu + sigma * epsilon


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(0.5 * log_var)
    epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + sigma * epsilon
