import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = x @ w_mu
    log_var = x @ w_log_var
    sigma = np.exp(log_var / 2)
    grad_sigma = grad_z * epsilon + beta * 0.5 * np.expm1(log_var)
    return x.T @ (grad_z + beta * mu), x.T @ (grad_sigma * sigma / 2)
