import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    epsilon = rng.standard_normal(shape)
    return mu + sigma * epsilon


def rsample(mu, log_var, generator=None):
    sigma = torch.exp(log_var / 2)
    raw = torch.normal(mu, sigma, generator=generator)
    epsilon = (raw - mu) / sigma
    return mu + sigma * epsilon
