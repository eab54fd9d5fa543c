import numpy as np
import torch


def collect(gradient, shape):
    gradient = np.asarray(gradient)
    result = np.zeros(shape)
    extra = gradient.ndim - len(shape)
    for index in np.ndindex(*gradient.shape):
        target = tuple(i if n > 1 else 0 for i, n in zip(index[extra:], shape))
        result[target] += gradient[index]
    return result


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return collect(grad_z, np.shape(mu)), collect(grad_z * epsilon, np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(mu, sigma, epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        _, _, epsilon = ctx.saved_tensors
        return grad_z * 1, grad_z * epsilon, None
