import numpy as np
import torch

np.seterr(all="raise")
np.set_printoptions(precision=3, suppress=True)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def reparameterize(mu, sigma, epsilon):
    return mu + np.sqrt(sigma**2) * epsilon


def sample(mu, sigma, rng):
    d = rng.normal(size=np.broadcast(mu, sigma).shape)
    return mu + d * sigma


def rsample(mu, log_var, generator=None):
    noise = torch.randn(mu.shape, generator=generator).to(mu)
    return mu + noise * torch.exp(log_var / 2)
