import math

import numpy as np


def exponential_icdf(u, rate):
    return -1 * np.log1p(-1 * u) * (1 / rate)


def logistic_icdf(u, loc, scale):
    return loc - scale * (np.log1p(-u) - np.log(u))


def laplace_icdf(u, loc, scale):
    lower, upper = 2 * np.fmin(u, 0.5), 2 * np.fmin(0.5, 1 - u)
    return np.log(lower / upper) * scale + loc


def kumaraswamy_icdf(u, a, b):
    return np.float_power(-np.expm1(np.log1p(-u) / b), np.reciprocal(np.asarray(a, dtype=float)))


def _open(u):
    return np.clip(u, 1e-16, 1 - 1e-16)


def sample_inverse_cdf(icdf, params, shape, rng):
    size = math.prod(shape)
    if len(shape) == 1:
        u = -np.expm1(-rng.standard_exponential(size))
    elif len(shape) == 2:
        u = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in rng.standard_normal(size)])
    elif len(shape) == 3:
        u = rng.beta(1.0, 1.0, size)
    else:
        words = np.frombuffer(rng.bytes(4 * size), dtype=np.uint32)
        u = (words + 0.5) / 2.0**32
    return np.reshape(icdf(_open(np.reshape(u, shape)), *params), shape)


def axes_of(gradient, parameter):
    lead = np.ndim(gradient) - np.ndim(parameter)
    return tuple(range(lead)), tuple(i for i, n in enumerate(np.shape(parameter)) if n == 1)


def pull(gradient, parameter):
    lead, ones = axes_of(gradient, parameter)
    return np.sum(np.sum(gradient, axis=lead), axis=ones, keepdims=True) if ones else np.sum(gradient, axis=lead)


def exponential_icdf_backward(grad_z, u, rate):
    return pull(grad_z * np.log1p(-u) / (rate * rate), rate)


def logistic_icdf_backward(grad_z, u, loc, scale):
    return [pull(grad_z, loc), pull(grad_z * (np.log(u) - np.log1p(-u)), scale)]
