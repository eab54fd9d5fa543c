import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    mu, sigma, epsilon = (torch.as_tensor(np.array(x)) for x in (mu, sigma, epsilon))
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    generator = torch.Generator()
    generator.manual_seed(int(rng.integers(0, 2**63 - 1)))
    shape = np.broadcast(mu, sigma).shape
    epsilon = torch.randn(shape, generator=generator, dtype=torch.float64)
    return reparameterize(mu, sigma, epsilon)


def rsample(mu, log_var, generator=None):
    with torch.no_grad():
        epsilon = torch.randn(mu.shape, dtype=mu.dtype, generator=generator)
    return mu + torch.exp(log_var / 2) * epsilon
