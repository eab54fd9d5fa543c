import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = x @ w_mu
    log_var = x @ w_log_var
    grad_log_var = grad_z * epsilon * np.exp(log_var / 2) / 2 + beta * np.expm1(log_var) / 2
    return x.T @ grad_z + beta * mu, x.T @ grad_log_var
