import numpy as np
import torch


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    grad_z = torch.tensor(np.array(grad_z))
    epsilon = torch.tensor(np.array(epsilon))
    with torch.no_grad():
        grad_mu = grad_z.sum_to_size(np.shape(mu)) if np.shape(mu) else grad_z.sum()
        product = grad_z * epsilon
        grad_sigma = product.sum_to_size(np.shape(sigma)) if np.shape(sigma) else product.sum()
    return grad_mu, grad_sigma


class Reparameterize(torch.autograd.Function):
    @staticmethod
    @torch.no_grad()
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        z = mu.clone()
        z += sigma * epsilon
        return z

    @staticmethod
    def backward(ctx, *gradients):
        saved = ctx.saved_tensors
        return gradients[0], gradients[0] * saved[0], None
