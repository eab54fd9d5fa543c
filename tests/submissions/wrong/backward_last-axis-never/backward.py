import numpy as np
import torch


def unbroadcast(gradient, shape):
    added = np.ndim(gradient) - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)


def reduced(gradient, shape):
    gradient = np.asarray(gradient)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis in range(len(shape) - 1):
        if shape[axis] == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return reduced(grad_z, np.shape(mu)), reduced(grad_z * epsilon, np.shape(sigma))


class Reparameterize(torch.autograd.Function):

    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        epsilon, = ctx.saved_tensors
        return (grad_z, grad_z * epsilon, None)
