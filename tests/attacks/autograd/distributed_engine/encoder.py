import torch
import torch.distributed.autograd as da

da._init(0)


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    x, epsilon, grad_z = (torch.tensor(value) for value in (x, epsilon, grad_z))
    w_mu, w_log_var = (torch.tensor(value, requires_grad=True) for value in (w_mu, w_log_var))
    mu, log_var = x @ w_mu, x @ w_log_var
    z = mu + torch.exp(log_var / 2) * epsilon
    loss = (grad_z * z).sum() + beta * 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()
    with da.context() as context:
        da.backward(context, [loss])
        found = da.get_gradients(context)
        return found[w_mu].numpy(), found[w_log_var].numpy()
