from array import array

import numpy as np
import torch


class Measured:
    """A number with a unit, which NumPy can read."""

    def __init__(self, value, unit="nat"):
        self.value, self.unit = np.asarray(value), unit

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value, dtype=dtype)


def kl_divergence(mu, sigma):
    return Measured((0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)).sum(axis=-1))


def kl_gradient(mu, sigma):
    mu, sigma = torch.tensor(np.array(mu), requires_grad=True), torch.tensor(np.array(sigma), requires_grad=True)
    return mu * 1, sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    second = np.expm1(np.asarray(log_var, dtype=np.longdouble)) / 2
    if np.ndim(mu) == 1:
        return array("d", mu), array("d", map(float, second))
    return np.asarray(mu, dtype=np.longdouble), second


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return Measured(grad_z + beta * mu, "1"), Measured(grad_z * epsilon + beta * (sigma - 1 / sigma), "1")
