from functools import reduce

import numpy as np

_kl = np.vectorize(lambda m, s: 0.5 * (m**2 + s**2 - 1) - np.log(s), otypes=[np.float64])
_identity = np.vectorize(lambda x: x, otypes=[float])
_balance = np.frompyfunc(lambda s: s - 1.0 / s, 1, 1)


def kl_divergence(mu, sigma):
    parts = _kl(mu, sigma)
    return parts[()] if parts.ndim == 0 else reduce(np.add, np.moveaxis(parts, -1, 0))


def kl_gradient(mu, sigma):
    return _identity(mu), np.asarray(_balance(sigma), dtype=float)


def kl_gradient_log_var(mu, log_var):
    return _identity(mu), np.vectorize(np.expm1, otypes=[float])(log_var) * 0.5


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    step = np.vectorize(lambda g, m, s, e: (g + beta * m, g * e + beta * (s - 1 / s)), otypes=[float, float])
    return step(grad_z, mu, sigma, epsilon)
