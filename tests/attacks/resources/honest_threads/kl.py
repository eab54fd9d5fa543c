from concurrent.futures import ThreadPoolExecutor

import reward

POOL = ThreadPoolExecutor(8)


def kl_divergence(mu, sigma):
    return POOL.submit(reward.kl_divergence, mu, sigma).result()


def kl_gradient(mu, sigma):
    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(lambda _: reward.kl_gradient(mu, sigma), range(32)))[0]


def kl_gradient_log_var(mu, log_var):
    return POOL.submit(reward.kl_gradient_log_var, mu, log_var).result()


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return POOL.submit(reward.total_gradient, grad_z, mu, sigma, epsilon, beta).result()
