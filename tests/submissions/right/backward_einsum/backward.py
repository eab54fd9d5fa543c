import string

import numpy as np
import torch


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    grad_z = np.asarray(grad_z)
    letters = string.ascii_lowercase[: grad_z.ndim]
    epsilon = np.broadcast_to(epsilon, grad_z.shape)

    def kept(parameter):
        shape = np.shape(parameter)
        own = letters[len(letters) - len(shape) :]
        return "".join(letter for letter, size in zip(own, shape) if size > 1)

    grad_mu = np.einsum(f"{letters}->{kept(mu)}", grad_z).reshape(np.shape(mu))
    grad_sigma = np.einsum(f"{letters},{letters}->{kept(sigma)}", grad_z, epsilon).reshape(np.shape(sigma))
    return grad_mu, grad_sigma


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.epsilon = epsilon
        return torch.addcmul(mu, sigma, epsilon)

    @staticmethod
    def backward(ctx, grad_z):
        return grad_z.clone(), torch.mul(grad_z, ctx.epsilon), None
