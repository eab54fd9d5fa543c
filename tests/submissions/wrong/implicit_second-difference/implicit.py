def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    gradients = []
    for index, param in enumerate(params):
        up, down = list(params), list(params)
        up[index], down[index] = param + step, param - step
        gradients.append(-(cdf(z, *up) - 2 * cdf(z, *params) + cdf(z, *down)) / step**2 / pdf(z, *params))
    return gradients
