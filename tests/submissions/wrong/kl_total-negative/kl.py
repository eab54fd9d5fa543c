import numpy as np


def kl_divergence(mu, sigma):
    terms = mu**2 + sigma**2 - 1 - 2 * np.log(sigma)
    return 0.5 * np.sum(terms, axis=-1)


def kl_gradient(mu, sigma):
    return 1.0 * mu, sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    return 1.0 * mu, 0.5 * (np.exp(log_var) - 1)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    grad_mu = -(grad_z + beta * mu)
    grad_sigma = -(grad_z * epsilon + beta * (sigma - 1 / sigma))
    return grad_mu, grad_sigma
