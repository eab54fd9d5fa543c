import numpy as np


def exponential_icdf(u, rate):
    u, rate = np.broadcast_arrays(u, rate)
    return np.array(-np.log1p(-u) / rate)


def logistic_icdf(u, loc, scale):
    u, loc, scale = np.broadcast_arrays(u, loc, scale)
    return loc + scale * np.log(u) - scale * np.log1p(-u)


def laplace_icdf(u, loc, scale):
    u, loc, scale = np.broadcast_arrays(u, loc, scale)
    return loc + np.sign(u - 0.5) * scale * exponential_tail(np.minimum(u, 1 - u))


def exponential_tail(p):
    return -np.log(2 * p)


def kumaraswamy_icdf(u, a, b):
    u, a, b = np.broadcast_arrays(u, a, b)
    return np.exp(np.log(-np.expm1(np.divide(np.log1p(-u), b))) / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = 1.0 - rng.random(shape)
    u = np.where(u >= 1.0, 1.0 - 2.0**-53, u)
    return icdf(u, *(np.broadcast_to(p, shape) for p in params))


def back(gradient, shape):
    full = tuple(np.shape(gradient))
    padded = (1,) * (len(full) - len(shape)) + tuple(shape)
    pairs = [(n, 1) if m == 1 else (1, n) for n, m in zip(full, padded)]
    split = np.reshape(gradient, [size for pair in pairs for size in pair])
    return split.sum(axis=tuple(range(0, 2 * len(full), 2))).reshape(shape)


def exponential_icdf_backward(grad_z, u, rate):
    return back(grad_z * (np.log1p(-u) / rate / rate), np.shape(rate))


def logistic_icdf_backward(grad_z, u, loc, scale):
    return back(grad_z, np.shape(loc)), back(grad_z * (np.log(u) - np.log1p(-u)), np.shape(scale))
