import numpy as np
import torch


@torch.no_grad()
def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    x, w_mu, w_log_var, epsilon, grad_z = (torch.tensor(np.array(a)) for a in (x, w_mu, w_log_var, epsilon, grad_z))
    mu = torch.mm(x, w_mu)
    log_var = x.mm(w_log_var)
    delta_mu = torch.add(grad_z, mu, alpha=float(beta))
    delta_log_var = (grad_z * epsilon * log_var.div(2).exp() + beta * torch.expm1(log_var)) / 2
    return x.t().mm(delta_mu), x.t().mm(delta_log_var)
