import math

import numpy as np


def one(m, s):
    return 0.5 * (m * m + s * s - 1.0 - 2.0 * math.log(s))


def kl_divergence(mu, sigma):
    if np.ndim(mu) == 0:
        return one(float(mu), float(sigma))
    if np.ndim(mu) == 1:
        return math.fsum(one(float(m), float(s)) for m, s in zip(mu, sigma))
    return np.array([kl_divergence(m, s) for m, s in zip(mu, sigma)])


def elementwise(function, *arrays):
    if np.ndim(arrays[0]) == 0:
        return function(*map(float, arrays))
    return [elementwise(function, *row) for row in zip(*arrays)]


def kl_gradient(mu, sigma):
    return elementwise(lambda m: m, mu), elementwise(lambda s: s - 1 / s, sigma)


def kl_gradient_log_var(mu, log_var):
    return elementwise(float, mu), elementwise(lambda v: (math.exp(v) - 1) / 2, log_var)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return (
        elementwise(lambda g, m: g + beta * m, grad_z, mu),
        elementwise(lambda g, s, e: g * e + beta * (s - 1 / s), grad_z, sigma, epsilon),
    )
