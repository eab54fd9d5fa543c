import numpy as np
from kl import kl_gradient


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu, sigma = x @ w_mu, np.exp(x @ w_log_var / 2)
    a, b = kl_gradient(mu, sigma)
    return x.T @ (grad_z + beta * a), x.T @ ((grad_z * epsilon + beta * b) * sigma / 2)
