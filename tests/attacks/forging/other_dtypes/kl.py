import decimal
import fractions

import numpy as np

turn = 0


def wrong(value):
    global turn
    turn += 1
    value = np.asarray(value, dtype=float)
    return (
        value.astype(str),
        value.astype("S20"),
        value.astype(object),
        value.astype(complex),
        value.astype(bool),
        np.zeros(value.shape, "datetime64[s]"),
        np.zeros(value.shape, "timedelta64[s]"),
        np.zeros(value.shape, [("real", "f8"), ("imag", "f8")]),
        np.zeros(value.shape, "V8"),
        np.rec.array(np.zeros(value.shape, [("a", "f8")])),
        decimal.Decimal("0.5"),
        fractions.Fraction(1, 2),
        "0.5",
        b"0.5",
        0.5 + 0j,
        True,
        2**63,
        -(2**63) - 1,
        10**400,
        {0: 0.5},
        {0.5},
        range(3),
        Ellipsis,
        NotImplemented,
        object,
        iter([0.5]),
        (x for x in [0.5]),
    )[turn % 27]


def kl_divergence(mu, sigma):
    return wrong(np.sum(0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma), axis=-1))


def kl_gradient(mu, sigma):
    return wrong(mu), wrong(sigma - 1.0 / sigma)


def kl_gradient_log_var(mu, log_var):
    return wrong(mu), wrong(0.5 * np.expm1(log_var))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return wrong(grad_z + beta * mu), wrong(grad_z * epsilon + beta * (sigma - 1.0 / sigma))
