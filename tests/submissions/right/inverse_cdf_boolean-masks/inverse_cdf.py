import numpy as np


def exponential_icdf(u, rate):
    return np.divide(-np.log1p(np.negative(u)), rate)


def logistic_icdf(u, loc, scale):
    odds = u / (1 - u)
    return loc + scale * np.log(odds)


def laplace_icdf(u, loc, scale):
    return np.where(u < 0.5, loc + scale * np.log(2 * u), loc - scale * np.log(2 * (1 - u)))


def kumaraswamy_icdf(u, a, b):
    inner = np.expm1(np.log1p(-u) / b)
    return np.power(-inner, 1 / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = np.asarray(rng.random(shape))
    while (u == 0).any():
        again = u == 0
        u[again] = rng.random(int(again.sum()))
    return icdf(u, *params)


def fold(gradient, shape):
    gradient = np.array(gradient, dtype=float)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def exponential_icdf_backward(grad_z, u, rate):
    return fold(grad_z * np.log1p(-u) / rate**2, np.shape(rate))


def logistic_icdf_backward(grad_z, u, loc, scale):
    return fold(grad_z, np.shape(loc)), fold(grad_z * np.log(u / (1 - u)), np.shape(scale))
