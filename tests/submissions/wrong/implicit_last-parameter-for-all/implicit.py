def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    funcs = []
    for i in range(len(params)):
        funcs.append(lambda h: cdf(z, *[p + h if j == i else p for j, p in enumerate(params)]))
    dens = pdf(z, *params)
    return [-(f(step) - f(-step)) / (2 * step) / dens for f in funcs]
