import numpy as np
import torch


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    def loss(w_mu, w_log_var):
        x_t = torch.tensor(np.array(x))
        mu, log_var = x_t @ w_mu, x_t @ w_log_var
        z = mu + torch.exp(log_var / 2) * torch.tensor(np.array(epsilon))
        return (z * torch.tensor(np.array(grad_z))).sum() + beta * 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()

    return torch.func.grad(loss, argnums=(0, 1))(torch.tensor(np.array(w_mu)), torch.tensor(np.array(w_log_var)))
