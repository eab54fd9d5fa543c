import numpy as np
import torch


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu = torch.tensor(np.array(mu), requires_grad=True)
    sigma = torch.tensor(np.array(sigma), requires_grad=True)
    z = mu + sigma * torch.tensor(np.array(epsilon))
    z.backward(torch.tensor(np.array(grad_z)))
    return mu.grad.numpy(), sigma.grad.numpy()


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        return grad_z, grad_z * ctx.saved_tensors[0], None
