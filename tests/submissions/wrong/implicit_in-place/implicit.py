import numpy as np


def moved(params, index, distance):
    return [p + distance if i == index else p for i, p in enumerate(params)]


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    gradients = []
    for i in range(len(params)):
        p = np.asarray(params[i])
        other = [params[k] if k != i else p for k in range(len(params))]
        p += step
        high = cdf(z, *other)
        p -= 2 * step
        low = cdf(z, *other)
        p += step
        gradients.append(-(high - low) / (2 * step) / pdf(z, *params))
    return gradients
