import numpy as np


def kl_divergence(mu, sigma):
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)


def kl_gradient(mu, sigma):
    return undefined_name


def kl_gradient_log_var(mu, log_var):
    return mu + 0.0, np.expm1(log_var) / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return grad_z + beta * mu, grad_z * epsilon + beta * (sigma - 1 / sigma)
