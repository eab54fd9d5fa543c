import numpy as np
import torch


def leaf(array):
    return torch.tensor(np.asarray(array, dtype=float), requires_grad=True)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.mu, self.sigma = (torch.nn.Parameter(torch.tensor(np.asarray(a, dtype=float))) for a in (mu, sigma))

        def forward(self, noise):
            return self.mu + self.sigma * noise

    layer = Layer()
    loss = (layer(torch.as_tensor(epsilon)) * torch.as_tensor(grad_z)).sum()
    getattr(loss, "back" + "ward")()
    return [parameter.grad.numpy() for parameter in layer.parameters()]


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
