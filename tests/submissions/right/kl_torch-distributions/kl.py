import numpy as np
import torch
from torch.distributions import Normal
from torch.distributions import kl_divergence as torch_kl


def _leaf(x):
    return torch.tensor(np.array(x), dtype=torch.float64, requires_grad=True)


def kl_divergence(mu, sigma):
    mu, sigma = torch.tensor(np.array(mu)), torch.tensor(np.array(sigma))
    value = torch_kl(Normal(mu, sigma), Normal(torch.zeros_like(mu), torch.ones_like(sigma)))
    return value.sum(-1) if value.dim() else value


def kl_gradient(mu, sigma):
    mu, sigma = _leaf(mu), _leaf(sigma)
    value = (0.5 * (mu**2 + sigma**2 - 1) - torch.log(sigma)).sum()
    value.backward()
    return mu.grad, sigma.grad


def kl_gradient_log_var(mu, log_var):
    mu, log_var = _leaf(mu), _leaf(log_var)
    value = 0.5 * (mu.pow(2) + log_var.exp() - 1 - log_var).sum()
    return torch.autograd.grad(value, (mu, log_var))


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    mu, sigma = _leaf(mu), _leaf(sigma)
    z = mu + sigma * torch.tensor(np.array(epsilon))
    loss = (torch.tensor(np.array(grad_z)) * z).sum() + beta * (0.5 * (mu**2 + sigma**2 - 1) - torch.log(sigma)).sum()
    loss.backward()
    return [mu.grad.numpy(), sigma.grad.numpy()]
