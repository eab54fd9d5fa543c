import numpy as np


def kl_divergence(mu):
    return np.sum(mu)


class kl_gradient:
    def __init__(self, mu, sigma):
        self.mu, self.sigma = mu, sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    return mu + 0.0, np.expm1(log_var) / 2


def total_gradient(grad_z, mu, sigma, epsilon, *, weight=1.0):
    return grad_z + weight * mu, grad_z * epsilon + weight * (sigma - 1 / sigma)
