import numpy as np

LARGEST = 1.7976931348623157e308


def alternating(like):
    return np.where(np.arange(np.size(like)).reshape(np.shape(like)) % 2 == 0, LARGEST, -LARGEST)


def kl_divergence(mu, sigma):
    return alternating(np.sum(mu, axis=-1))


def kl_gradient(mu, sigma):
    return np.full(np.shape(mu), LARGEST), alternating(mu)


def kl_gradient_log_var(mu, log_var):
    return alternating(mu), np.full(np.shape(mu), 1e300)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return np.full(np.shape(mu), 5e-324), alternating(mu)
