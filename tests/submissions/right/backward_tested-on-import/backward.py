import numpy as np
import torch


def unbroadcast(g, shape):
    return np.sum(g, axis=tuple(range(np.ndim(g) - len(shape))) + tuple(np.ndim(g) - len(shape) + i for i, n in enumerate(shape) if n == 1)).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    """Right for all shapes: summed where broadcasting copied."""
    return unbroadcast(grad_z, np.shape(mu)), unbroadcast(grad_z * epsilon, np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        ctx.mark_dirty()
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        epsilon, = ctx.saved_tensors
        return grad_z, torch.einsum("...,...->...", grad_z, epsilon), None


_mu = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)
_sigma = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
_epsilon = torch.tensor([1.1, -0.2], dtype=torch.float64)
_z = Reparameterize.apply(_mu, _sigma, _epsilon)
_z.sum().backward()
assert torch.allclose(_sigma.grad, _epsilon)
assert torch.allclose(torch.autograd.grad((_mu + _sigma * _epsilon).sum(), _mu)[0], _mu.grad)
