import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    latent = w_mu.shape[1]
    outputs = x @ np.hstack([w_mu, w_log_var])
    mu, log_var = outputs[:, :latent], outputs[:, latent:]
    reconstruction = np.hstack([grad_z, grad_z * epsilon * np.exp(log_var / 2) / 2])
    prior = np.hstack([mu, (np.exp(log_var) - 1) / 2])
    gradient = (x[:, :, None] * (reconstruction + beta * prior)[:, None, :]).sum(axis=0)
    first, second = np.hsplit(gradient, 2)
    return first, second
