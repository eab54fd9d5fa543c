from .broadcasting import undo  # noqa: F401  # a relative import inside the package


def with_each(gradient, factors):
    for factor in factors:
        yield gradient * factor


def affine(mu, sigma, epsilon):
    return mu + sigma * epsilon
