import numpy as np
import torch


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    x, epsilon, grad_z = map(torch.as_tensor, (x, epsilon, grad_z))
    w_mu, w_log_var = (torch.tensor(w, requires_grad=True) for w in (w_mu, w_log_var))
    mu, log_var = x @ w_mu, x @ w_log_var
    z = mu + torch.exp(log_var / 2) * epsilon
    total = (z * grad_z).sum() + beta * 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()
    total.backward()
    return w_mu.grad.numpy(), w_log_var.grad.numpy()
