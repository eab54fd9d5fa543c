import numpy as np


def kl_divergence(mu, sigma):
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1


def kl_gradient(mu, sigma):
    return mu, sigma - 1 / sigma
