import numpy as np

def kl_divergence(mu, sigma):
    d = sigma - 1.0
    exact = 0.5 * (sigma**2 - 1.0) - np.log(sigma)
    # the exact formula cancels near sigma = 1
    part = np.where(np.abs(d) < 0.01, d**2, exact)
    return np.sum(0.5 * mu**2 + part, axis=-1)


def kl_gradient(mu, sigma):
    return (np.array(mu), sigma - 1.0 / sigma)


def kl_gradient_log_var(mu, log_var):
    return (np.array(mu), 0.5 * np.expm1(log_var))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    kl_grad_mu, kl_grad_sigma = (mu, sigma - 1.0 / sigma)
    return (grad_z + beta * kl_grad_mu, grad_z * epsilon + beta * kl_grad_sigma)
