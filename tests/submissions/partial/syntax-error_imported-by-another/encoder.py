import numpy as np
from backward import reparameterize_backward


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu, log_var = x @ w_mu, x @ w_log_var
    a, b = reparameterize_backward(grad_z, mu, np.exp(log_var / 2), epsilon)
    return x.T @ (a + beta * mu), x.T @ (b * np.exp(log_var / 2) / 2 + beta * np.expm1(log_var) / 2)
