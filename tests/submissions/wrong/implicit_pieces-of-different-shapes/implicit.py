import numpy as np
def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    base = np.array(params, dtype=float)
    grads = []
    for i in range(len(base)):
        up, dn = base.copy(), base.copy()
        up[i] += step
        dn[i] -= step
        grads.append(-(cdf(z, *up) - cdf(z, *dn)) / (2 * step) / pdf(z, *base))
    return grads
