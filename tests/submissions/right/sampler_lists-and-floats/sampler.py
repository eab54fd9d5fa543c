import numpy as np
import torch


class _Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, log_var, noise):
        scaled = torch.exp(log_var / 2) * noise
        ctx.save_for_backward(scaled)
        return scaled

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0] / 2, None


def reparameterize(mu, sigma, epsilon):
    return (np.array(mu) + np.array(sigma) * np.array(epsilon)).tolist()


def sample(mu, sigma, rng):
    return np.asarray(rng.normal(loc=mu, scale=sigma)).tolist()


def rsample(mu, log_var, generator=None):
    noise = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return mu + _Scale.apply(log_var, noise)
