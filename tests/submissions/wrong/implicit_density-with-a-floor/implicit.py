import numpy as np


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    out = []
    for i in range(len(params)):
        up, down = list(params), list(params)
        up[i] = up[i] + step
        down[i] = down[i] - step
        out.append(-(cdf(z, *up) - cdf(z, *down)) / (2 * step) / np.maximum(pdf(z, *params), 0.05))
    return out

