import numpy as np


class ImplicitGradient:
    """An object that is called like the function."""

    def __init__(self):
        self.calls = 0

    def __call__(self, z, cdf, pdf, params, step=1e-5):
        self.calls += 1
        params = [np.array(p, dtype=float) for p in params]
        answers = []
        for k in range(len(params)):
            values = []
            for h in (step, -step):
                params[k] += h
                values.append(np.array(cdf(z, *params)))
                params[k] -= h
            numerator = values[1] - values[0]
            answers.append((numerator / (2 * step * np.array(pdf(z, *params)))).tolist())
        return answers


implicit_gradient = ImplicitGradient()
