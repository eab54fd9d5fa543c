def kl_divergence(mu, sigma):
    divergence = 0.5 * (mu ** 2 + sigma ** 2 - 1.0) - np.log(sigma)
    return np.sum(divergence, axis=-1)


def kl_gradient(mu, sigma):
    return (np.array(mu), sigma - 1.0 / sigma)


import numpy as np

def kl_gradient_log_var(mu, log_var):
    lv = np.asarray(log_var, dtype=float)
    near = np.abs(lv) < 0.02
    grad = np.where(near, 0.5 * (lv + 0.5 * lv * lv), 0.5 * np.expm1(lv))
    return np.array(mu), grad


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    kl_grad_mu, kl_grad_sigma = (mu, sigma - 1.0 / sigma)
    return (grad_z + beta * kl_grad_mu, grad_z * epsilon + beta * kl_grad_sigma)
