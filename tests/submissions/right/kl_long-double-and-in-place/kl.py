import numpy as np


def kl_divergence(mu, sigma):
    mu = np.array(mu, dtype=np.longdouble)
    sigma = np.array(sigma, dtype=np.longdouble)
    mu *= mu
    total = np.square(sigma)
    total += mu
    total -= 1
    total -= 2 * np.log(sigma)
    total /= 2
    return np.asarray(total.sum(axis=-1) if total.ndim else total, dtype=np.float64)


def kl_gradient(mu, sigma):
    grad = np.empty_like(sigma)
    np.divide(-1.0, sigma, out=grad) if np.ndim(sigma) else None
    if np.ndim(sigma) == 0:
        return mu, sigma - 1 / sigma
    grad += sigma
    return np.array(mu, order="F"), grad


def kl_gradient_log_var(mu, log_var):
    view = np.broadcast_to(mu, np.shape(mu))
    result = np.exp(log_var)
    result -= 1
    result *= 0.5
    return view, result


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    gm = np.array(grad_z)
    gm += beta * mu
    gs = np.array(grad_z)
    gs *= epsilon
    gs += beta * sigma
    gs -= beta / sigma
    return gm, gs
