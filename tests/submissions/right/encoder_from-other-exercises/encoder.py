import numpy as np

from backward import reparameterize_backward
from kl import kl_gradient, total_gradient


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu, sigma = x @ w_mu, np.exp(0.5 * (x @ w_log_var))
    path_mu, path_sigma = reparameterize_backward(grad_z, mu, sigma, epsilon)
    kl_mu, kl_sigma = kl_gradient(mu, sigma)
    both = total_gradient(grad_z, mu, sigma, epsilon, beta=beta)
    assert np.allclose(both[0], path_mu + beta * kl_mu)
    return x.T @ both[0], x.T @ ((path_sigma + beta * kl_sigma) * 0.5 * sigma)
