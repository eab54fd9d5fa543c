import os


def kl_divergence(mu, sigma):
    os._exit(79)


def kl_gradient(mu, sigma):
    os._exit(80)


def kl_gradient_log_var(mu, log_var):
    os._exit(89)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    os._exit(137)
