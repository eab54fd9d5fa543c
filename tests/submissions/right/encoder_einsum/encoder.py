import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = np.einsum("nf,fl->nl", x, w_mu)
    half = np.einsum("nf,fl->nl", x, w_log_var) / 2
    at_mu = grad_z + beta * mu
    at_log_var = 0.5 * np.exp(half) * grad_z * epsilon + beta * np.exp(half) * np.sinh(half)
    return np.einsum("nf,nl->fl", x, at_mu), np.einsum("nf,nl->fl", x, at_log_var)
