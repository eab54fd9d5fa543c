import numpy as np


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    def moved(index, by):
        new = list(params)
        new[index] = new[index] + by
        return cdf(z, *new)

    return [-(moved(i, step) - moved(i, -step)) / (2 * step) / pdf(z, *params) for i in range(len(params))]
