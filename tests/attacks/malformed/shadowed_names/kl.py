class kl_divergence:
    def __init__(self, *_):
        pass

    def __getattr__(self, name):
        return self


def kl_gradient(mu, sigma):
    yield mu
    yield sigma


async def kl_gradient_log_var(mu, log_var):
    return mu, log_var


total_gradient = property(lambda self: 0)
