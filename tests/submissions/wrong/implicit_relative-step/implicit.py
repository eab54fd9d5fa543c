import numpy as np
def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    out = []
    params = tuple(params)
    dens = pdf(z, *params)
    for i, p in enumerate(params):
        h = step * np.abs(p)
        up = params[:i] + (p + h,) + params[i + 1:]
        dn = params[:i] + (p - h,) + params[i + 1:]
        out.append(-(cdf(z, *up) - cdf(z, *dn)) / (2 * h) / dens)
    return out
