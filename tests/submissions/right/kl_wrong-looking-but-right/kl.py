from numpy import *
import numpy as np; half = 1 / 2


def kl_divergence(mu, sigma, axis=-1, *unused, **also_unused):
    out = half * (mu ** 2. + sigma ** 2. - log(sigma ** 2.) - 1.)
    if out.shape == (): return out
    total = 0
    for j in range(out.shape[axis]): total = total + out[..., j]
    return total


def kl_gradient(*args):
    mu, sigma = args
    try:
        return mu, sigma - 1 / sigma
    finally:
        pass


def kl_gradient_log_var(mu, log_var=None):
    return mu, (lambda v: half * (e ** v - 1))(log_var)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1):
    a, b = kl_gradient(mu, sigma); return (grad_z + beta * a, grad_z * epsilon + beta * b)
