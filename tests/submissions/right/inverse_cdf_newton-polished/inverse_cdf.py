import numpy as np


def exponential_icdf(u, rate):
    # Solve expm1(-x) = -u for x = rate z, starting from the series.
    u, rate = np.broadcast_arrays(np.asarray(u, float), np.asarray(rate, float))
    x = -np.log1p(-u)
    for _ in range(2):
        x = x - (-np.expm1(-x) - u) / np.exp(-x) * (u < 0.5)
    return (x / rate).tolist()


def logistic_icdf(u, loc, scale):
    return (np.asarray(loc) + np.asarray(scale) * (np.log(u) - np.log1p(-np.asarray(u)))).tolist()


def laplace_icdf(u, loc, scale):
    u, loc, scale = np.broadcast_arrays(u, loc, scale)
    z = np.empty(u.shape)
    low = u <= 0.5
    z[low] = loc[low] + scale[low] * np.log(2 * u[low])
    z[~low] = loc[~low] - scale[~low] * np.log(2 - 2 * u[~low])
    return z


def kumaraswamy_icdf(u, a, b):
    plain = 1 - (1 - u) ** (1 / b)
    accurate = -np.expm1(np.log1p(-u) / b)
    inner = np.where((u > 0.1) & (b < 10.0), plain, accurate)
    return inner ** (1 / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    def attempts():
        while True:
            yield rng.uniform(size=shape)

    u = next(candidate for candidate in attempts() if np.all(candidate > 0)) if np.prod(shape) < 50 else rng.uniform(size=shape)
    u = np.maximum(u, 1e-300)
    return icdf(np.float64(u) if shape == () else u, *params)


def _match(g, shape):
    g = np.asarray(g)
    g = g.reshape((-1,) + g.shape[g.ndim - len(shape) :]).sum(axis=0) if g.ndim > len(shape) else g
    return sum_ones(g, shape)


def sum_ones(g, shape):
    for axis in range(len(shape)):
        g = g.sum(axis, keepdims=True) if shape[axis] == 1 else g
    return g


def exponential_icdf_backward(grad_z, u, rate):
    z = np.asarray(exponential_icdf(u, rate))
    return _match(-grad_z * z / rate, np.shape(rate)).tolist()


def logistic_icdf_backward(grad_z, u, loc, scale):
    logit = np.asarray(logistic_icdf(u, 0.0, 1.0))
    return _match(grad_z, np.shape(loc)).tolist(), _match(grad_z * logit, np.shape(scale)).tolist()
