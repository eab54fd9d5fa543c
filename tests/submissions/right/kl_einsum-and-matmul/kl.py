import numpy as np


def kl_divergence(mu, sigma):
    squares = np.einsum("...i,...i->...", np.atleast_1d(mu), np.atleast_1d(mu))
    ones = np.ones(np.atleast_1d(sigma).shape[-1])
    rest = (0.5 * np.atleast_1d(sigma) ** 2 - 0.5 - np.log(np.atleast_1d(sigma))) @ ones
    return np.squeeze(0.5 * squares + rest) if np.ndim(mu) == 0 else 0.5 * squares + rest


def kl_gradient(mu, sigma):
    return np.positive(mu), np.subtract(sigma, np.reciprocal(sigma))


def kl_gradient_log_var(mu, log_var):
    half = np.full(np.shape(log_var), 0.5)
    return np.einsum("...->...", mu), half * np.exp(log_var) - half


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    kl_mu, kl_sigma = kl_gradient(mu, sigma)
    stacked = np.stack([grad_z + beta * kl_mu, np.einsum("...,...->...", grad_z, epsilon) + beta * kl_sigma])
    first, second = stacked
    return first, second
