import sys

import numpy as np

print("x" * 100_000_000)
for _ in range(1000):
    sys.stderr.write("y" * 1000)


def kl_divergence(mu, sigma):
    print("mu =", mu, "sigma =", sigma, flush=True)
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)


def kl_gradient(mu, sigma):
    print(mu, sigma, file=sys.stderr)
    return mu * 1.0, sigma - 1 / sigma


def kl_gradient_log_var(mu, log_var):
    return mu * 1.0, np.expm1(log_var) / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    sys.stdout.flush()
    return grad_z + beta * mu, grad_z * epsilon + beta * (sigma - 1 / sigma)
