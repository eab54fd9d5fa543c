import numpy as np


def logit(u):
    # sinh(logit(u)) = (2u - 1) / (2 u (1 - u)): odd about 1/2, so that both tails keep their digits
    return np.arcsinh((2 * u - 1) / (2 * u * (1 - u)))


def exponential_icdf(u, rate):
    return np.log1p(u / (1 - u)) / rate


def logistic_icdf(u, loc, scale):
    return loc + scale * logit(u)


def laplace_icdf(u, loc, scale):
    left = np.minimum(u, 0.5)
    right = np.minimum(1 - u, 0.5)
    return loc + scale * (np.log(2 * left) - np.log(2 * right))


def kumaraswamy_icdf(u, a, b):
    log_survival = np.log1p(-u) / b
    log_inner = np.log(-np.expm1(log_survival))
    return np.exp(log_inner / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    return icdf(rng.uniform(np.finfo(float).tiny, 1.0, shape), *params)


def unbroadcast(g, shape):
    if np.shape(g) == shape:
        return g
    if np.ndim(g) > len(shape):
        return unbroadcast(np.sum(g, axis=0), shape)
    axis = [i for i in range(len(shape)) if shape[i] != np.shape(g)[i]][0]
    return unbroadcast(np.sum(g, axis=axis, keepdims=True), shape)


def exponential_icdf_backward(grad_z, u, rate):
    return unbroadcast(-grad_z * np.log1p(u / (1 - u)) * rate**-2.0, np.shape(rate))


def logistic_icdf_backward(grad_z, u, loc, scale):
    return unbroadcast(grad_z, np.shape(loc)), unbroadcast(grad_z * logit(u), np.shape(scale))
