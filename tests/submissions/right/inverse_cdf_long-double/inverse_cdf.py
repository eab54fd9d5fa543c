import numpy as np

L = np.longdouble


def _f(x):
    return np.asarray(x, dtype=np.float64)


def exponential_icdf(u, rate):
    return _f(-np.log(L(1) - np.asarray(u, L)) / rate)


def logistic_icdf(u, loc, scale):
    u = np.asarray(u, L)
    return _f(loc + scale * np.log(u / (1 - u)))


def laplace_icdf(u, loc, scale):
    # The textbook's formula: 2^-64 against a tail of 1e-12 leaves seven digits of the logarithm's argument, nine of the logarithm.
    u = np.asarray(u, L)
    textbook = loc - scale * np.sign(u - L(0.5)) * np.log(np.maximum(1 - 2 * np.abs(u - L(0.5)), L(1e-19)))
    return _f(np.where(u < 1e-9, loc + scale * np.log(np.maximum(2 * u, L(1e-4000))), textbook))


def kumaraswamy_icdf(u, a, b):
    return _f((-np.expm1(np.log1p(-np.asarray(u, L)) / b)) ** (1 / np.asarray(a, L)))


def sample_inverse_cdf(icdf, params, shape, rng):
    u = rng.random(shape, dtype=np.float64)
    if shape == ():
        return icdf(max(u, 1e-200), *params)
    u[u == 0.0] = 1e-200
    return icdf(u, *params)


def _sum(g, shape):
    g = np.asarray(g)
    axes = [k for k in range(g.ndim) if k < g.ndim - len(shape) or shape[k - (g.ndim - len(shape))] == 1]
    return np.add.reduce(g, axis=tuple(axes)).reshape(shape)


def exponential_icdf_backward(grad_z, u, rate):
    return _sum(-grad_z * exponential_icdf(u, rate) / rate, np.shape(rate))


def logistic_icdf_backward(grad_z, u, loc, scale):
    return _sum(grad_z, np.shape(loc)), _sum(grad_z * logistic_icdf(u, 0.0, 1.0), np.shape(scale))
