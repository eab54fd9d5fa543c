import numpy as np


def kl_divergence(mu, sigma):
    # sigma^2 - 1 - log sigma^2 with s = log sigma: 2 e^s sinh(s) - 2 s
    s = np.log(sigma)
    per_dimension = 0.5 * mu**2 + np.exp(s) * np.sinh(s) - s
    return per_dimension.sum(-1) if per_dimension.ndim else per_dimension


def kl_gradient(mu, sigma):
    return mu - 0, (sigma - 1) * (sigma + 1) / sigma


def kl_gradient_log_var(mu, log_var):
    return +mu, np.exp(log_var / 2) * np.sinh(log_var / 2)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    total_mu = np.sum([grad_z, beta * mu], axis=0)
    total_sigma = np.sum([grad_z * epsilon, beta * (sigma - 1) * (1 + 1 / sigma)], axis=0)
    return total_mu, total_sigma
