# -*- coding: latin-1 -*-
"""Lösung von Jürgen Müßig: die Kullback-Leibler-Divergenz für N(µ, s²)."""
import numpy as np

MÄRCHEN = "größer als null"


def kl_divergence(mu, sigma):
    größe = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return np.sum(größe, axis=-1)


def kl_gradient(mu, sigma):
    return mu + 0.0, sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    return mu + 0.0, (np.exp(log_var) - 1) / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    a, b = kl_gradient(mu, sigma)
    return grad_z + beta * a, grad_z * epsilon + beta * b
