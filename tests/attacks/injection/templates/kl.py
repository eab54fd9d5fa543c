TEXT = '{{ 7*7 }} {% import os %} ${7*7} #{7*7} {0.__class__} %(x)s %n'


def kl_divergence(mu, sigma):
    raise ValueError(TEXT)


def kl_gradient(mu, sigma):
    raise NotImplementedError(TEXT)


def kl_gradient_log_var(mu, log_var):
    raise type(TEXT.replace('\0', ''), (Exception,), {})(TEXT)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return TEXT, type(TEXT.replace('\0', ''), (), {})()
