import numpy as np


def kl_divergence(mu, sigma):
    divergence = 0.5 * (mu ** 2 + sigma ** 2 - 1.0) - np.log(sigma)
    return np.sum(divergence, axis=-1)


def kl_gradient(mu, sigma):
    return (np.array(mu), sigma - 1.0 / sigma)


def kl_gradient_log_var(mu, log_var):
    return (np.array(mu), 0.5 * np.expm1(log_var))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    grad_mu = grad_z + beta * mu
    grad_sigma = grad_z * epsilon + beta * (sigma - 1.0 / sigma)
    return mu - 1e-3 * grad_mu, sigma - 1e-3 * grad_sigma
