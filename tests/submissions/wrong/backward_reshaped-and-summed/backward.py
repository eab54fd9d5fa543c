def unbroadcast(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


import numpy as np
import torch
def reparameterize_backward(grad_z, mu, sigma, epsilon):
    grad_mu = np.reshape(grad_z, (-1,) + np.shape(mu)).sum(axis=0)
    grad_sigma = np.reshape(grad_z * epsilon, (-1,) + np.shape(sigma)).sum(axis=0)
    return grad_mu, grad_sigma


class Reparameterize(torch.autograd.Function):

    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        epsilon, = ctx.saved_tensors
        return (grad_z, grad_z * epsilon, None)
