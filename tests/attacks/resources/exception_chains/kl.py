def kl_divergence(mu, sigma):
    first = last = ValueError('end')
    for number in range(10**5):
        following = ValueError(number)
        following.__cause__ = following.__context__ = last
        last = following
    first.__cause__ = last
    raise last


def kl_gradient(mu, sigma):
    def deep(n):
        if n:
            deep(n - 1)
        raise ValueError

    try:
        deep(900)
    except ValueError as e:
        error = e
    for _ in range(200):
        try:
            raise error
        except ValueError as e:
            error = e
    raise error


def kl_gradient_log_var(mu, log_var):
    raise ExceptionGroup('g', [ExceptionGroup('g', [ValueError(n) for n in range(100)]) for _ in range(100)])


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    class E(Exception):
        @property
        def __traceback__(self):
            return self

        tb_next = property(lambda self: self)
        tb_frame = property(lambda self: self)

    raise E
