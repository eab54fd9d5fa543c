from __future__ import annotations

import numpy as np


class Linear:
    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight
        self.gradient = np.zeros(weight.shape)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x.dot(self.weight)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.gradient += np.tensordot(self.x, upstream, axes=(0, 0))
        return upstream.dot(self.weight.T)


class HalfExponential:
    def forward(self, log_var):
        self.sigma = np.exp(log_var / 2)
        return self.sigma

    def backward(self, upstream):
        return upstream * self.sigma / 2


class Gaussian:
    def forward(self, mu, sigma, epsilon):
        self.cache = mu, sigma, epsilon
        return mu + sigma * epsilon

    def backward(self, grad_z, beta):
        mu, sigma, epsilon = self.cache
        return grad_z + beta * mu, grad_z * epsilon + beta * (sigma - 1 / sigma)


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mean, spread, half, gaussian = Linear(w_mu), Linear(w_log_var), HalfExponential(), Gaussian()
    gaussian.forward(mean.forward(x), half.forward(spread.forward(x)), epsilon)
    grad_mu, grad_sigma = gaussian.backward(grad_z, beta)
    mean.backward(grad_mu)
    spread.backward(half.backward(grad_sigma))
    return mean.gradient, spread.gradient
