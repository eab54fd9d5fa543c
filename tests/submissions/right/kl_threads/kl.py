import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

LOCK = threading.Lock()


def row(pair):
    mu, sigma = pair
    with LOCK:
        return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)


def kl_divergence(mu, sigma):
    if np.ndim(mu) < 2:
        return row((mu, sigma))
    with ThreadPoolExecutor(max_workers=2) as pool:
        return np.stack(list(pool.map(row, zip(mu, sigma))))


def kl_gradient(mu, sigma):
    answers = {}
    thread = threading.Thread(target=lambda: answers.update(sigma=sigma - 1 / sigma))
    thread.start()
    thread.join()
    return mu.copy(), answers["sigma"]


def kl_gradient_log_var(mu, log_var):
    return mu.copy(), np.expm1(log_var) / 2


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    a, b = kl_gradient(mu, sigma)
    return grad_z + beta * a, grad_z * epsilon + beta * b
