import numpy as np
import torch


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    results = []
    for parameter, local in ((mu, 1.0), (sigma, epsilon)):
        total = np.zeros(np.shape(parameter))
        places = np.arange(total.size).reshape(total.shape)
        places = np.broadcast_to(places, np.shape(grad_z))
        flat = total.reshape(-1)
        np.add.at(flat, places.ravel(), np.broadcast_to(grad_z * local, np.shape(grad_z)).ravel())
        results.append(total)
    return tuple(results)


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        if ctx.needs_input_grad[1]:
            ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        grad_mu = grad_sigma = None
        if ctx.needs_input_grad[0]:
            grad_mu = grad_z
        if ctx.needs_input_grad[1]:
            grad_sigma = grad_z * ctx.saved_tensors[0]
        return grad_mu, grad_sigma, None
