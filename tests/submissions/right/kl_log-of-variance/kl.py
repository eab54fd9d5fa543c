import numpy as np


def kl_divergence(mu, sigma):
    variance = np.square(sigma)
    log_variance = 2 * np.log(sigma)
    terms = -0.5 * (1 + log_variance - mu**2 - variance)
    return terms if np.ndim(terms) == 0 else terms.sum(axis=-1)


def kl_gradient(mu, sigma):
    return 1.0 * mu, (sigma**2 - 1) / sigma


def kl_gradient_log_var(mu, log_var):
    return mu.copy(), -0.5 * (1 - np.exp(log_var))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    dmu, dsigma = kl_gradient(mu, sigma)
    return beta * dmu + grad_z, beta * dsigma + epsilon * grad_z
