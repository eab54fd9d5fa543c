import numpy as np


def kl_divergence(mu, sigma):
    if np.shape(mu) == ():
        mu, sigma = np.array([mu]), np.array([sigma])
    d = mu.shape[-1]
    trace = np.sum(sigma**2, axis=-1)
    log_determinant = 2 * np.sum(np.log(sigma), -1)
    mahalanobis = np.sum(mu * mu, axis=-1)
    return (trace + mahalanobis - d - log_determinant) / 2


def kl_gradient(mu, sigma):
    return mu + 0.0, sigma - sigma**-1


def kl_gradient_log_var(mu, log_var):
    return np.copy(mu), np.exp(log_var) / 2 - 1 / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return grad_z + beta * mu, grad_z * epsilon + beta * sigma - beta / sigma
