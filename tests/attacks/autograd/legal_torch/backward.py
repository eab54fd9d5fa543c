import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


from torch.autograd.function import once_differentiable
from torch.func import vmap


def fold(gradient, shape):
    gradient = torch.as_tensor(gradient)
    added = gradient.ndim - len(shape)
    axes = (*range(added), *(added + i for i, n in enumerate(shape) if n == 1))
    return (gradient.sum(dim=axes) if axes else gradient).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    recorded = leaf(mu) + leaf(sigma) * torch.as_tensor(epsilon)
    recorded.register_hook(print)
    assert recorded.requires_grad and recorded.grad_fn is not None and recorded.detach().grad_fn is None
    pulled, noise = torch.as_tensor(grad_z), torch.as_tensor(np.asarray(epsilon))
    with torch.no_grad():
        one = fold(pulled, np.shape(mu))
    with torch.inference_mode():
        two = fold(pulled * noise, np.shape(sigma)).numpy()
    if pulled.ndim:
        assert vmap(torch.sin)(pulled).shape == pulled.shape
    return one.requires_grad_().detach(), two


once_differentiable(lambda ctx, gradient: gradient)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
