import re

import reward


def kl_divergence(mu, sigma):
    return reward.kl_divergence(mu, sigma)


def kl_gradient(mu, sigma):
    return reward.kl_gradient(mu, sigma)


def kl_gradient_log_var(mu, log_var):
    return reward.kl_gradient_log_var(mu, log_var)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return re.match('(a*)*b', 'a' * 100)
