import numpy as np

import reward


class Odd(np.ndarray):
    def __array_function__(self, *_, **__):
        return False

    def __eq__(self, other):
        return False

    __hash__ = None


def odd(value):
    return tuple(map(odd, value)) if isinstance(value, tuple) else np.asarray(value, dtype=float).view(Odd)


def kl_divergence(mu, sigma):
    return odd(reward.kl_divergence(mu, sigma))


def kl_gradient(mu, sigma):
    return odd(reward.kl_gradient(mu, sigma))


def kl_gradient_log_var(mu, log_var):
    return odd(reward.kl_gradient_log_var(mu, log_var))


def total_gradient(*arguments, **keywords):
    return odd(reward.total_gradient(*arguments, **keywords))
