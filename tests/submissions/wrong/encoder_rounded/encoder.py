import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu = x @ w_mu
    log_var = x @ w_log_var
    sigma = np.exp(0.5 * log_var)
    grad_mu = grad_z + beta * mu
    grad_log_var = 0.5 * grad_z * epsilon * sigma + beta * 0.5 * (sigma**2 - 1)
    return np.round(x.T @ grad_mu, 5), np.round(x.T @ grad_log_var, 5)
