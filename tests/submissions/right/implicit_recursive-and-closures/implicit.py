from functools import partial, reduce
from operator import truediv

import numpy as np


def central(function, x, h):
    return reduce(truediv, [function(x + h) - function(x - h), 2, h])


def implicit_gradient(z, cdf, pdf, params, step=1e-5, _done=()):
    if len(_done) == len(params):
        return []
    k = len(_done)
    along = lambda value: np.asarray(cdf(z, *params[:k], value, *params[k + 1 :]))
    derivative = central(along, params[k], step)
    first = np.negative(derivative) / pdf(z, *params)
    return [first, *implicit_gradient(z, cdf, pdf, params, step, (*_done, first))]
