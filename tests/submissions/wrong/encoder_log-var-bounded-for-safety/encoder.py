import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu, lv = x @ w_mu, np.clip(x @ w_log_var, -20, 2)
    s = np.exp(lv / 2)
    return x.T @ (grad_z + beta * mu), x.T @ (0.5 * grad_z * epsilon * s + 0.5 * beta * (s**2 - 1))

