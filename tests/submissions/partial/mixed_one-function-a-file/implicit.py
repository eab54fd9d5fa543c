def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    return [cdf(z, params)]
