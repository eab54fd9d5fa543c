"""All the work happens here."""
import numpy as np

import sampler


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    mu, log_var = x @ w_mu, x @ w_log_var
    z_minus_mu = sampler.reparameterize(np.zeros_like(mu), np.exp(log_var / 2), epsilon)
    # d z / d log_var = sigma epsilon / 2, which is half of z - mu
    return (
        np.transpose(x) @ (grad_z + beta * mu),
        np.transpose(x) @ (0.5 * grad_z * z_minus_mu - 0.5 * beta * (1 - np.exp(log_var))),
    )
