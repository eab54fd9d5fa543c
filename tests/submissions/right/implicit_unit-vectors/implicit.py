import numpy as np


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    directions = step * np.eye(len(params))
    density = np.asarray(pdf(z, *params))
    slopes = []
    for direction in directions:
        up = cdf(z, *[p + d for p, d in zip(params, direction)])
        down = cdf(z, *[p - d for p, d in zip(params, direction)])
        slopes.append((np.asarray(up) - np.asarray(down)) / (2.0 * step))
    return tuple(-slope / density for slope in slopes)
