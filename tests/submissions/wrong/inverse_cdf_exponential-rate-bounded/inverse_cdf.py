import numpy as np


def exponential_icdf(u, rate):
    return -np.log1p(-u) / np.maximum(rate, 1e-2)



def logistic_icdf(u, loc, scale):
    return loc + scale * (np.log(u) - np.log1p(-u))


def laplace_icdf(u, loc, scale):
    return loc + scale * np.where(u < 0.5, np.log(2 * u), -np.log(2 * (1 - u)))


def kumaraswamy_icdf(u, a, b):
    return (-np.expm1(np.log1p(-u) / b)) ** (1 / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = np.clip(rng.random(shape), 2.0**-54, 1 - 2.0**-53)
    return icdf(u, *params)


def unbroadcast(gradient, shape):
    gradient = np.asarray(gradient)
    extra = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(extra)))
    axes = tuple(i for i, n in enumerate(shape) if n == 1)
    return gradient.sum(axis=axes, keepdims=True) if axes else gradient


def exponential_icdf_backward(grad_z, u, rate):
    return unbroadcast(grad_z * np.log1p(-u) / rate**2, np.shape(rate))


def logistic_icdf_backward(grad_z, u, loc, scale):
    return unbroadcast(grad_z, np.shape(loc)), unbroadcast(grad_z * (np.log(u) - np.log1p(-u)), np.shape(scale))
