import array
import collections

import numpy as np


class Interface:
    def __init__(self, value):
        self.kept = np.array(value)
        self.__array_interface__ = self.kept.__array_interface__


class Struct:
    def __init__(self, value):
        self.kept = np.array(value)
        self.__array_struct__ = self.kept.__array_struct__


class Method:
    def __init__(self, value):
        self.kept = value

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.kept, dtype=dtype)


Pair = collections.namedtuple("Pair", "first second")


def kl_divergence(mu, sigma):
    return Method(np.asarray(np.sum(0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma), axis=-1)))


def kl_gradient(mu, sigma):
    return Pair(memoryview(np.array(mu * 1.0)), Interface(sigma - 1.0 / sigma))


def kl_gradient_log_var(mu, log_var):
    return [np.ma.masked_array(mu * 1.0, mask=np.ones(np.shape(mu), bool)), Struct(0.5 * np.expm1(log_var))]


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    return (np.asarray(grad_z + beta * mu).tolist(), np.asmatrix(grad_z * epsilon + beta * (sigma - 1.0 / sigma)) if np.ndim(mu) == 2 else grad_z * epsilon + beta * (sigma - 1.0 / sigma))
