def quotient(function, params, index, step):
    """(f(p + step) - f(p - step)) / (2 step) along one parameter."""
    plus = [p + step * (k == index) for k, p in enumerate(params)]
    minus = [p - step * (k == index) for k, p in enumerate(params)]
    return (function(*plus) - function(*minus)) / (2 * step)
