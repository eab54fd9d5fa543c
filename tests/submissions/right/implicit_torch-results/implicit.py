import numpy as np
import torch


def gradients(z, cdf, pdf, params, step):
    density = torch.as_tensor(np.asarray(pdf(z, *params)))
    for position in range(len(params)):
        sides = {}
        for sign in (+1, -1):
            arguments = tuple(p + sign * step if k == position else p for k, p in enumerate(params))
            sides[sign] = torch.as_tensor(np.asarray(cdf(z, *arguments)))
        yield -(sides[+1] - sides[-1]).div(2 * step).div(density)


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    return list(gradients(z, cdf, pdf, params, step))
