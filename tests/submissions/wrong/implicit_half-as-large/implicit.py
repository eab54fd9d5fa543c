import numpy as np


def moved(params, index, distance):
    return [p + distance if i == index else p for i, p in enumerate(params)]


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    gradients = []
    for i in range(len(params)):
        gradients.append(-(cdf(z, *moved(params, i, step / 2)) - cdf(z, *moved(params, i, -step / 2))) / (2 * step) / pdf(z, *params))
    return gradients
