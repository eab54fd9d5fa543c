import functools
import warnings

import numpy as np

warnings.simplefilter("error")


def careful(function):
    @functools.wraps(function)
    def inner(*args):
        with np.errstate(divide="raise", invalid="raise"):
            return function(*args)

    return inner


@careful
def exponential_icdf(u, rate):
    return -np.log1p(-u) / rate


@careful
def logistic_icdf(u, loc, scale):
    return loc + scale * (np.log(u) - np.log1p(-u))


@careful
def laplace_icdf(u, loc, scale):
    return loc + scale * np.piecewise(np.asarray(u, dtype=float), [np.asarray(u) < 0.5], [lambda v: np.log(2 * v), lambda v: -np.log(2 * (1 - v))])


@careful
def kumaraswamy_icdf(u, a, b):
    return (-np.expm1(np.log1p(-u) / b)) ** (1 / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    # One generator expression, one number at a time, none of them zero.
    def numbers():
        while True:
            u = float(rng.random())
            if 0.0 < u < 1.0:
                yield u

    source = numbers()
    u = np.fromiter((next(source) for _ in range(int(np.prod(shape)))), dtype=float).reshape(shape)
    return icdf(u, *params)


def unbroadcast(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    axes = tuple(range(added)) + tuple(added + i for i, n in enumerate(shape) if n == 1)
    return np.sum(gradient, axis=axes).reshape(shape)


@careful
def exponential_icdf_backward(grad_z, u, rate):
    return unbroadcast(grad_z * np.log1p(-u) / rate**2, np.shape(rate))


@careful
def logistic_icdf_backward(grad_z, u, loc, scale):
    return unbroadcast(grad_z, np.shape(loc)), unbroadcast(grad_z * (np.log(u) - np.log1p(-u)), np.shape(scale))
