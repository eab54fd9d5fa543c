import numpy as np

H = 1e-30


def _kl(mu, sigma):
    return 0.5 * (mu * mu + sigma * sigma - 1.0) - np.log(sigma)


def kl_divergence(mu, sigma):
    return np.add.reduce(np.atleast_1d(_kl(mu, sigma)), axis=-1)


def kl_gradient(mu, sigma):
    return np.imag(_kl(mu + 1j * H, sigma)) / H, np.imag(_kl(mu, sigma + 1j * H)) / H


def kl_gradient_log_var(mu, log_var):
    by_sigma = kl_gradient(mu, np.exp(log_var / 2))
    return by_sigma[0], by_sigma[1] * np.exp(log_var / 2) / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    def objective(m, s):
        return grad_z * (m + s * epsilon) + beta * _kl(m, s)

    return objective(mu + 1j * H, sigma).imag / H, objective(mu, sigma + 1j * H).imag / H
