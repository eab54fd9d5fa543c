import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return np.add(np.multiply(epsilon, sigma), mu)


def sample(mu, sigma, rng):
    return rng.normal(mu, sigma)


def rsample(mu, log_var, generator=None):
    noise = torch.normal(torch.zeros_like(mu), torch.ones_like(mu), generator=generator)
    return mu + noise * torch.sqrt(torch.exp(log_var))
