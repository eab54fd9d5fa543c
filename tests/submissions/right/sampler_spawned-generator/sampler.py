import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    return mu + sigma * epsilon


def sample(mu, sigma, rng):
    (child,) = rng.spawn(1)
    return reparameterize(mu, sigma, child.standard_normal(np.broadcast(mu, sigma).shape))


def rsample(mu, log_var, generator=None):
    if generator is None:
        return torch.distributions.Normal(mu, torch.exp(log_var / 2)).rsample()
    seed = int(torch.randint(0, 2**62, (1,), generator=generator))
    child = torch.Generator().manual_seed(seed)
    return mu + torch.exp(log_var / 2) * torch.randn(mu.shape, generator=child, dtype=mu.dtype)
