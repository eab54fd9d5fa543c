"""My VAE."""
from .chain import reparameterize_backward
from .divergence import kl_gradient


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    import numpy as np

    mu, sigma = x @ w_mu, np.exp(x @ w_log_var / 2)
    a, b = reparameterize_backward(grad_z, mu, sigma, epsilon)
    c, d = kl_gradient(mu, sigma)
    return x.T @ (a + beta * c), x.T @ ((b + beta * d) * sigma / 2)
