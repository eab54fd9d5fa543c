import os
import sys


def kl_divergence(mu, sigma):
    raise SyntaxError("look", (os.__file__, 3, 1, "text"))


def kl_gradient(mu, sigma):
    return os.path.realpath("no-such-name/" * 3 + "x").index("?")


def kl_gradient_log_var(mu, log_var):
    import json

    json.loads("{")


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    sys.modules["numpy"].linalg.cholesky(mu)
