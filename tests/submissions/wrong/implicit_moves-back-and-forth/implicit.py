def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    out = []
    for i in range(len(params)):
        up, down = list(params), list(params)
        up[i] += step
        down[i] -= step
        dF = (cdf(z, *up) - cdf(z, *down)) / (2 * step)
        out.append(-dF / pdf(z, *params))
    return out
