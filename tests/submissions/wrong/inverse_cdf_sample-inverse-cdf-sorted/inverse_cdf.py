import numpy as np


def reduce_to(gradient, parameter):
    shape = np.shape(parameter)
    gradient = np.asarray(gradient)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def exponential_icdf(u, rate):
    return -np.log1p(-u) / rate


def logistic_icdf(u, loc, scale):
    return loc + scale * np.log(u / (1 - u))


def laplace_icdf(u, loc, scale):
    left = loc + scale * np.log(2 * u)
    right = loc - scale * np.log(2 * (1 - u))
    return np.where(u < 0.5, left, right)


def kumaraswamy_icdf(u, a, b):
    return (-np.expm1(np.log1p(-u) / b)) ** (1 / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = np.sort(np.clip(rng.random(shape), 1e-300, None), axis=None).reshape(shape)
    return icdf(u, *params)


def exponential_icdf_backward(grad_z, u, rate):
    return reduce_to(grad_z * np.log1p(-u) / rate**2, rate)


def logistic_icdf_backward(grad_z, u, loc, scale):
    return reduce_to(grad_z, loc), reduce_to(grad_z * np.log(u / (1 - u)), scale)
