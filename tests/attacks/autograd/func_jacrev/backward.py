import numpy as np
import torch


def tensors(*arrays):
    return [torch.tensor(np.asarray(array, dtype=float), requires_grad=True) for array in arrays]


# The first use of torch.func imports for seconds: better while the file is loaded, which may take longer than a call.
torch.func.vmap(torch.sin)(torch.ones(1))


def function(mu, sigma, epsilon):
    return mu + sigma * epsilon


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    grad_z, mu, sigma, epsilon = (torch.as_tensor(np.asarray(array, dtype=float)) for array in (grad_z, mu, sigma, epsilon))
    rows = torch.func.jacrev(lambda m, s: (function(m, s, epsilon) * grad_z).sum(), argnums=(0, 1))(mu, sigma)
    return tuple(row.numpy() for row in rows)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(mu, sigma, epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        mu, sigma, epsilon = (saved.detach().numpy() for saved in ctx.saved_tensors)
        grad_mu, grad_sigma = reparameterize_backward(grad_z.numpy(), mu, sigma, epsilon)
        return torch.as_tensor(grad_mu), torch.as_tensor(grad_sigma), None
