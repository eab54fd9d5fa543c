import numpy as np

try:
    from scipy.special import expm1, log1p, logit
except ImportError:
    from numpy import expm1, log1p

    def logit(u):
        return np.log(u) - np.log1p(-u)


TINY = np.finfo(np.float64).tiny
EPS = np.finfo(np.float64).epsneg


def exponential_icdf(u, rate):
    return -(1 / rate) * log1p(-u)


def logistic_icdf(u, loc, scale):
    return scale * logit(u) + loc


def laplace_icdf(u, loc, scale):
    side = np.copysign(1.0, u - 0.5)
    return loc - side * scale * np.log(2 * np.where(side < 0, u, 1 - u))


def kumaraswamy_icdf(u, a, b):
    return (-expm1(log1p(-u) * b**-1.0)) ** (a**-1.0)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = np.clip(rng.random(size=shape), TINY, 1 - EPS)
    return icdf(u, *params)


def reduce_like(g, x):
    g = g + np.zeros_like(x)
    lead = g.ndim - np.ndim(x)
    axes = tuple(range(lead)) + tuple(i + lead for i, n in enumerate(np.shape(x)) if n == 1)
    return g.sum(axis=axes).reshape(np.shape(x))


def exponential_icdf_backward(grad_z, u, rate):
    return reduce_like(grad_z * -exponential_icdf(u, rate) / rate, rate)


def logistic_icdf_backward(grad_z, u, loc, scale):
    grad_z = np.asarray(grad_z)
    return reduce_like(grad_z, loc), reduce_like(grad_z * logit(u), scale)
