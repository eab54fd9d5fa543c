import sys


def kl_divergence(mu, sigma):
    return kl_divergence(mu, sigma)


def kl_gradient(mu, sigma):
    sys.setrecursionlimit(2**31 - 1)
    return kl_gradient(mu, sigma)


def kl_gradient_log_var(mu, log_var):
    class A:
        def __getattr__(self, name):
            return getattr(self, name + 'x')

    return A().x


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    import functools

    f = lambda: None
    for _ in range(10**6):
        f = functools.partial(f)
    return f(), f()
