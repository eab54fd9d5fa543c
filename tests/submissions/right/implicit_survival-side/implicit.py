import numpy as np

np.seterr(all="raise")


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    def survival(*arguments):
        return 1.0 - cdf(*arguments)

    out = []
    for i, p in enumerate(params):
        before, after = params[:i], params[i + 1 :]
        rise = survival(z, *before, np.asarray(p) + step, *after) - survival(z, *before, np.asarray(p) - step, *after)
        out.append(rise / (2 * step * pdf(z, *params)))
    return out
