import numpy as np


def moved(params, index, distance):
    return [p + distance if i == index else p for i, p in enumerate(params)]


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    params = list(params)
    original = tuple(params)
    gradients = []
    for i in range(len(params)):
        params[i] = params[i] + step
        high = cdf(z, *params)
        params[i] = params[i] - 2 * step
        low = cdf(z, *params)
        gradients.append(-(high - low) / (2 * step) / pdf(z, *original))
    return gradients
