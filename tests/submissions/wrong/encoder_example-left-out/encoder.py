import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = x @ w_mu
    log_var = x @ w_log_var
    sigma = np.exp(log_var / 2)
    grad_mu = (grad_z + beta * mu)[1:]
    grad_log_var = (grad_z * epsilon * sigma / 2 + beta * np.expm1(log_var) / 2)[1:]
    return x[1:].T @ grad_mu, x[1:].T @ grad_log_var
