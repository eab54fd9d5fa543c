import numpy as np


def log1mexp(x):
    """log(1 - exp(x)) for x < 0, by Maechler's two branches."""
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        return np.where(x > -np.log(2), np.log(-np.expm1(x)), np.log1p(-np.exp(x)))


def exponential_icdf(u, rate):
    return -np.log1p(-u) / rate


def logistic_icdf(u, loc, scale):
    return loc + scale * (np.log(u) + exponential_icdf(u, 1.0))


def laplace_icdf(u, loc, scale):
    # Reflect the right half onto the left one: F^-1(u) = -F^-1(1 - u).
    reflect = u > 0.5
    v = np.where(reflect, 1 - u, u)
    z = scale * (np.log(v) + np.log(2.0))
    return loc + np.where(reflect, -z, z)


def kumaraswamy_icdf(u, a, b):
    return np.exp(log1mexp(np.log1p(-u) / b) / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = (rng.integers(0, 1 << 52, size=shape) + 0.5) / (1 << 52)
    return icdf(u, *params)


def _sum_like(g, like):
    shape = np.shape(like)
    g = np.broadcast_to(g, np.broadcast_shapes(np.shape(g), shape))
    flat = np.zeros(int(np.prod(shape)))
    np.add.at(flat, np.broadcast_to(np.arange(flat.size).reshape(shape), g.shape), g)
    return flat.reshape(shape)


def exponential_icdf_backward(grad_z, u, rate):
    return _sum_like(-grad_z * exponential_icdf(u, 1.0) / np.square(rate), rate)


def logistic_icdf_backward(grad_z, u, loc, scale):
    return _sum_like(grad_z, loc), _sum_like(grad_z * logistic_icdf(u, 0, 1), scale)
