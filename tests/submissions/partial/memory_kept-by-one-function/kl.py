import numpy as np

HISTORY = []


def kl_divergence(mu, sigma):
    while True:
        HISTORY.append(np.ones(12_500))


def kl_gradient(mu, sigma):
    return 1.0 * mu, sigma - 1.0 / sigma


def kl_gradient_log_var(mu, log_var):
    return 1.0 * mu, 0.5 * np.expm1(log_var)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    kl_mu, kl_sigma = kl_gradient(mu, sigma)
    return grad_z + beta * kl_mu, grad_z * epsilon + beta * kl_sigma
