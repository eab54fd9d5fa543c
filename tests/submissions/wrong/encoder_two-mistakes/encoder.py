import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = x @ w_mu
    log_var = x @ w_log_var
    sigma = np.exp(0.5 * log_var)
    grad_mu = grad_z + mu
    grad_log_var = 0.3 * grad_z * epsilon + beta * 0.5 * (sigma**2 - 1)
    return x.T @ grad_mu, x.T @ grad_log_var
