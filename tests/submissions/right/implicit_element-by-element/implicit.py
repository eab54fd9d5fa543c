import numpy as np


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    shape = np.shape(z)
    wide = [np.broadcast_to(p, shape) for p in params]
    gradients = [np.empty(shape) for _ in params]
    for index in np.ndindex(*shape):
        point = np.asarray(z)[index]
        here = [np.float64(p[index]) for p in wide]
        for i, gradient in enumerate(gradients):
            up, down = here.copy(), here.copy()
            up[i] += step
            down[i] -= step
            slope = (cdf(point, *up) - cdf(point, *down)) / (up[i] - down[i])
            gradient[index] = -slope / pdf(point, *here)
    return gradients
