def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    # TASK: For each parameter, move it up and down by step.
    raise NotImplementedError
