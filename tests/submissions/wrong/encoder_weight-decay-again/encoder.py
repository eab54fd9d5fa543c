import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = x @ w_mu
    log_var = x @ w_log_var
    sigma = np.exp(log_var / 2)
    grad_log_var = grad_z * epsilon * sigma / 2
    return x.T @ grad_z + beta * w_mu, x.T @ grad_log_var + beta * w_log_var
