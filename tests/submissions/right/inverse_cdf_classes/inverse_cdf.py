from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


def gather(gradient, like):
    target = np.shape(like)
    for _ in range(np.ndim(gradient) - len(target)):
        gradient = gradient.sum(0)
    stretched = tuple(axis for axis, (have, want) in enumerate(zip(np.shape(gradient), target)) if have > want)
    return np.sum(gradient, axis=stretched, keepdims=True) if stretched else gradient


class LocationScale(ABC):
    @staticmethod
    @abstractmethod
    def standard(u): ...

    def icdf(self, u, loc, scale):
        return loc + scale * self.standard(u)

    def pullback(self, grad_z, u, loc, scale):
        return gather(grad_z, loc), gather(grad_z * self.standard(u), scale)


class Logistic(LocationScale):
    @staticmethod
    def standard(u):
        return np.log(u) - np.log1p(-u)


class Laplace(LocationScale):
    @staticmethod
    def standard(u):
        with np.errstate(divide="ignore"):
            return np.select([u < 0.5, u >= 0.5], [np.log(2 * u), -np.log(2 * (1 - u))])


class Exponential:
    def __call__(self, u, rate):
        return -np.log1p(-u) / rate

    def pullback(self, grad_z, u, rate):
        return gather(-grad_z * self(u, rate) / rate, rate)


exponential_icdf = Exponential()
exponential_icdf_backward = exponential_icdf.pullback
logistic_icdf = Logistic().icdf
logistic_icdf_backward = Logistic().pullback
laplace_icdf = Laplace().icdf


def kumaraswamy_icdf(u, a, b):
    return (-np.expm1(np.log1p(-u) / b)) ** (1 / a)


class UniformSource:
    def __init__(self, rng):
        self.rng = rng

    def open_interval(self, shape):
        while True:
            u = self.rng.random(shape)
            if np.ndim(u) == 0:
                if u > 0:
                    return u
                continue
            flat = u.reshape(-1)
            for i in np.flatnonzero(flat == 0):
                flat[i] = self.open_interval(())
            return u


def sample_inverse_cdf(icdf, params, shape, rng):
    return icdf(UniformSource(rng).open_interval(shape), *params)
