def exponential_icdf(u, rate):
    return -np.log1p(-u) / rate


def logistic_icdf(u, loc, scale):
    return loc + scale * (np.log(u) - np.log1p(-u))


def laplace_icdf(u, loc, scale):
    tail = np.minimum(u, 1.0 - u)
    return loc - scale * np.sign(u - 0.5) * np.log(2.0 * tail)


import numpy as np

def kumaraswamy_icdf(u, a, b):
    z = np.exp(np.log(-np.expm1(np.log1p(-u) / b)) / a)
    return np.clip(z, 1e-4, 1 - 1e-4)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = rng.integers(1, 2 ** 53, size=shape) / 2 ** 53
    return icdf(u, *params)


def unbroadcast(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


def exponential_icdf_backward(grad_z, u, rate):
    z = -np.log1p(-u) / rate
    return unbroadcast(-grad_z * z / rate, np.shape(rate))


def logistic_icdf_backward(grad_z, u, loc, scale):
    standard_draw = np.log(u) - np.log1p(-u)
    return (unbroadcast(grad_z, np.shape(loc)), unbroadcast(grad_z * standard_draw, np.shape(scale)))
