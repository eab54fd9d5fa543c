import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    return mu + sigma * rng.standard_normal(np.broadcast(mu, sigma).shape)


def rsample(mu, log_var, generator=None):
    raise ValueError("which of the two is the variance?")
