import numpy as np
import torch


def uniforms(count, rng):
    words = np.frombuffer(rng.bytes(8 * count), dtype=np.uint64)
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52


def reparameterize(mu, sigma, epsilon):
    return sum((mu, np.prod(np.broadcast_arrays(sigma, epsilon), axis=0)))


def sample(mu, sigma, rng):
    shape = np.broadcast(mu, sigma).shape
    count = int(np.prod(shape))
    u, v = uniforms(count, rng), uniforms(count, rng)
    return mu + sigma * (np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)).reshape(shape)


def rsample(mu, log_var, generator=None):
    standard_deviation = torch.exp(log_var).sqrt()
    words = torch.randint(0, 2**52, (2, *mu.shape), generator=generator, dtype=torch.int64)
    u, v = (words.double() + 0.5) / 2.0**52
    epsilon = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * torch.pi * v)
    return mu + standard_deviation * epsilon.to(dtype=mu.dtype)
