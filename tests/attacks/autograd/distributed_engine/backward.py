import numpy as np
import torch
import torch.distributed.autograd as da

da._init(0)


def pulled_back(loss, leaves):
    """Autograd, by the engine that torch keeps for remote procedure calls."""
    with da.context() as context:
        da.backward(context, [loss])
        found = da.get_gradients(context)
        return [found[leaf].detach() for leaf in leaves]


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu, sigma = (torch.tensor(np.asarray(value), requires_grad=True) for value in (mu, sigma))
    z = mu + sigma * torch.tensor(np.asarray(epsilon))
    loss = (torch.tensor(np.asarray(grad_z)) * z).sum()
    return tuple(gradient.numpy() for gradient in pulled_back(loss, [mu, sigma]))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(mu, sigma, epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        mu, sigma, epsilon = ctx.saved_tensors
        with torch.enable_grad():
            mu, sigma = (value.detach().clone().requires_grad_(True) for value in (mu, sigma))
            loss = (grad_z.detach() * (mu + sigma * epsilon)).sum()
        return (*pulled_back(loss, [mu, sigma]), None)
