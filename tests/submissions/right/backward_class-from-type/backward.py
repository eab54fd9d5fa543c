import numpy as np
import torch


def make_backward(local_gradient):
    def pull(grad_z, parameter, epsilon):
        g = grad_z * local_gradient(epsilon)
        lead = np.ndim(g) - np.ndim(parameter)
        g = np.sum(g, axis=tuple(range(lead)))
        ones = tuple(i for i, n in enumerate(np.shape(parameter)) if n == 1)
        return np.sum(g, axis=ones, keepdims=True) if ones else g

    return pull


pull_mu = make_backward(np.ones_like)
pull_sigma = make_backward(lambda epsilon: epsilon)
reparameterize_backward = lambda grad_z, mu, sigma, epsilon: (pull_mu(grad_z, mu, epsilon), pull_sigma(grad_z, sigma, epsilon))


def _forward(ctx, mu, sigma, epsilon):
    ctx.saved_noise = epsilon
    return mu + epsilon * sigma


def _backward(ctx, grad_z):
    return (grad_z, grad_z * ctx.saved_noise) + (None,)


Reparameterize = type("Reparameterize", (torch.autograd.Function,), {"forward": staticmethod(_forward), "backward": staticmethod(_backward)})
