import numpy as np


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    gradients = []
    for index, param in enumerate(params):
        up, down = list(params), list(params)
        up[index], down[index] = param + step, param - step
        gradients.append(-(np.log(cdf(z, *up)) - np.log(cdf(z, *down))) / (2 * step) / pdf(z, *params))
    return gradients
