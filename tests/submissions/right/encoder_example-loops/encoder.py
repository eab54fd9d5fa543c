import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    grad_w_mu = np.zeros_like(w_mu)
    grad_w_log_var = np.zeros_like(w_log_var)
    for x_n, epsilon_n, grad_n in zip(x, epsilon, grad_z):
        mu = w_mu.T @ x_n
        log_var = w_log_var.T @ x_n
        sigma = np.sqrt(np.exp(log_var))
        grad_mu = grad_n + beta * mu
        grad_sigma = grad_n * epsilon_n + beta * (sigma - 1 / sigma)
        grad_log_var = grad_sigma * sigma / 2
        grad_w_mu += np.outer(x_n, grad_mu)
        grad_w_log_var += np.outer(x_n, grad_log_var)
    return grad_w_mu, grad_w_log_var
