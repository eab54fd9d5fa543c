import numpy as np
import torch


def t(x):
    return torch.as_tensor(np.array(x), dtype=torch.float64)


def _exponential(u, rate):
    return -torch.log1p(-u) / rate


def _logistic(u, loc, scale):
    return loc + scale * torch.logit(u)


def exponential_icdf(u, rate):
    return _exponential(t(u), t(rate)).numpy()


def logistic_icdf(u, loc, scale):
    return _logistic(t(u), t(loc), t(scale))


def laplace_icdf(u, loc, scale):
    u, loc, scale = t(u), t(loc), t(scale)
    return loc + scale * torch.where(u < 0.5, torch.log(2 * u), -torch.log(2 - 2 * u))


def kumaraswamy_icdf(u, a, b):
    u, a, b = t(u), t(a), t(b)
    return (-torch.expm1(torch.log1p(-u) / b)).pow(1 / a)


def sample_inverse_cdf(icdf, params, shape, rng):
    u = rng.random(shape)
    u = np.where(u > 0, u, 2.0**-54)
    return icdf(u if shape else np.float64(u), *params)


def exponential_icdf_backward(grad_z, u, rate):
    rate = t(rate).requires_grad_()
    _exponential(t(u), rate).backward(t(grad_z))
    return rate.grad


def logistic_icdf_backward(grad_z, u, loc, scale):
    loc, scale = t(loc).requires_grad_(), t(scale).requires_grad_()
    z = _logistic(t(u), loc, scale)
    return torch.autograd.grad(z, (loc, scale), grad_outputs=t(grad_z))
