import numpy as np
import torch


def _t(x):
    return torch.from_numpy(np.array(x, dtype=np.float64))


def _kl(mu, sigma):
    return 0.5 * (mu * mu + sigma * sigma - 1.0) - torch.log(sigma)


def _kl_log_var(mu, log_var):
    return 0.5 * (mu * mu + torch.exp(log_var) - 1.0 - log_var)


def kl_divergence(mu, sigma):
    value = _kl(_t(mu), _t(sigma))
    return float(value) if value.dim() == 0 else value.sum(dim=-1).numpy()


def kl_gradient(mu, sigma):
    g = torch.func.grad(lambda m, s: _kl(m, s).sum(), argnums=(0, 1))(_t(mu), _t(sigma))
    return tuple(x.numpy() for x in g)


def kl_gradient_log_var(mu, log_var):
    return torch.autograd.functional.jacobian(lambda m, v: _kl_log_var(m, v).sum(), (_t(mu), _t(log_var)))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    a, b = kl_gradient(mu, sigma)
    return _t(grad_z) + beta * _t(a), _t(grad_z) * _t(epsilon) + beta * _t(b)
