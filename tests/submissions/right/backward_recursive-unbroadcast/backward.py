import numpy as np
import torch


def shrink(gradient, shape):
    gradient = np.asarray(gradient)
    if gradient.shape == tuple(shape):
        return gradient
    if gradient.ndim > len(shape):
        return shrink(gradient.sum(axis=0), shape)
    axis = next(i for i, (a, b) in enumerate(zip(gradient.shape, shape)) if a != b)
    return shrink(gradient.sum(axis=axis, keepdims=True), shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return shrink(grad_z, np.shape(mu)), shrink(np.multiply(grad_z, epsilon), np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(mu, sigma, epsilon):
        return mu + sigma * epsilon

    @staticmethod
    def setup_context(ctx, inputs, output):
        _, _, epsilon = inputs
        ctx.save_for_backward(epsilon)

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
