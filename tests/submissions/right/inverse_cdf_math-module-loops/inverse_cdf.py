import itertools
import math

import numpy as np


def over(function, *arrays):
    arrays = np.broadcast_arrays(*arrays)
    out = np.empty(arrays[0].shape)
    for index in itertools.product(*map(range, out.shape)):
        out[index] = function(*(float(a[index]) for a in arrays))
    return out


def exponential_icdf(u, rate):
    return over(lambda u, r: -math.log1p(-u) / r, u, rate)


def logistic_icdf(u, loc, scale):
    return over(lambda u, m, s: m + s * (math.log(u) - math.log1p(-u)), u, loc, scale)


def laplace_icdf(u, loc, scale):
    def one(u, m, s):
        if u == 0.5:
            return m
        if u < 0.5:
            return m + s * (math.log(u) + math.log(2))
        return m - s * (math.log1p(-u) + math.log(2))

    return over(one, u, loc, scale)


def kumaraswamy_icdf(u, a, b):
    return over(lambda u, a, b: math.pow(-math.expm1(math.log1p(-u) / b), 1 / a), u, a, b)


def sample_inverse_cdf(icdf, params, shape, rng):
    z = np.empty(shape)
    params = [np.broadcast_to(p, shape) for p in params]
    for index in np.ndindex(*shape):
        u = 0.0
        while u == 0.0:
            u = rng.random()
        z[index] = icdf(np.float64(u), *(np.float64(p[index]) for p in params))
    return z


def exponential_icdf_backward(grad_z, u, rate):
    grad = np.zeros(np.shape(rate))
    where = np.broadcast_to(np.arange(grad.size).reshape(grad.shape), np.shape(grad_z))
    local = over(lambda u, r: math.log1p(-u) / r**2, u, rate)
    np.add.at(grad.reshape(-1), where, grad_z * local)
    return grad


def logistic_icdf_backward(grad_z, u, loc, scale):
    grad_z = np.asarray(grad_z)
    logit = np.broadcast_to(over(lambda u: math.log(u) - math.log1p(-u), u), grad_z.shape)
    grad_loc, grad_scale = np.zeros(np.shape(loc)), np.zeros(np.shape(scale))
    for index in np.ndindex(*grad_z.shape):
        for grad, value in ((grad_loc, grad_z[index]), (grad_scale, grad_z[index] * logit[index])):
            tail = index[len(index) - grad.ndim :]
            grad[tuple(i if n > 1 else 0 for i, n in zip(tail, grad.shape))] += value
    return grad_loc, grad_scale
