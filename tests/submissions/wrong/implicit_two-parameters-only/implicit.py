import numpy as np


def moved(params, index, distance):
    return [p + distance if i == index else p for i, p in enumerate(params)]


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    mu, sigma = params
    by_mu = -(cdf(z, mu + step, sigma) - cdf(z, mu - step, sigma)) / (2 * step) / pdf(z, *params)
    by_sigma = -(cdf(z, mu, sigma + step) - cdf(z, mu, sigma - step)) / (2 * step) / pdf(z, *params)
    return [by_mu, by_sigma]
