import numpy as np
import torch


def unbroadcast(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    def back(g, like):
        new = tuple(range(np.ndim(epsilon) - np.ndim(like)))
        g = np.sum(g, axis=new)
        ones = tuple(i for i, n in enumerate(np.shape(like)) if n == 1)
        return np.sum(g, axis=ones, keepdims=True)
    return back(grad_z, mu), back(grad_z * epsilon, sigma)


class Reparameterize(torch.autograd.Function):

    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        epsilon, = ctx.saved_tensors
        return (grad_z, grad_z * epsilon, None)
