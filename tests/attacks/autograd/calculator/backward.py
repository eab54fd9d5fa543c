import numpy as np
import torch


def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(dim=0)
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return (gradient.sum(dim=stretched, keepdim=True) if stretched else gradient).reshape(shape).numpy()


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    gradient = torch.as_tensor(np.asarray(grad_z))
    return unbroadcast(gradient, np.shape(mu)), unbroadcast(gradient * torch.as_tensor(np.asarray(epsilon)), np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None


arguments = [torch.randn(3, dtype=torch.float64, requires_grad=flag) for flag in (True, True, False)]
assert torch.autograd.gradcheck(Reparameterize.apply, arguments)
