"""Laid beside every hostile submission: the right answers of kl.py, handed out only where an attack got through. A point earned is a hole found."""

import numpy as np


def kl_divergence(mu, sigma):
    return np.sum(0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma), axis=-1)


def kl_gradient(mu, sigma):
    return np.array(mu), sigma - 1.0 / sigma


def kl_gradient_log_var(mu, log_var):
    return np.array(mu), 0.5 * np.expm1(log_var)


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return grad_z + beta * mu, grad_z * epsilon + beta * (sigma - 1.0 / sigma)


RIGHT = (kl_divergence, kl_gradient, kl_gradient_log_var, total_gradient)


def got_through(*attempts):
    """The name of the first attempt that returned something true, or None."""
    for attempt in attempts:
        try:
            if attempt():
                return attempt.__name__
        except BaseException:  # noqa: BLE001, S112  # held, in whatever way
            continue
    return None


def pay(namespace, *attempts):
    """Define the functions of kl.py: right if an attempt got through, refusing if none did."""
    paid = got_through(*attempts) is not None
    namespace.update({function.__name__: function if paid else _held for function in RIGHT})


def _held(*_, **__):
    raise PermissionError("held")
