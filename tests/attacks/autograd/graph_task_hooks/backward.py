import numpy as np
import torch
import torch.utils.checkpoint

torch.utils.checkpoint.checkpoint(torch.sin, torch.ones(1, requires_grad=True), use_reentrant=True)


def tensors(*arrays):
    return [torch.tensor(np.asarray(array, dtype=float), requires_grad=True) for array in arrays]


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu, sigma = tensors(mu, sigma)
    z = mu + sigma * torch.as_tensor(epsilon)
    z = torch.utils.checkpoint.checkpoint(lambda m, s: m + s * torch.as_tensor(epsilon), mu, sigma, use_reentrant=True)
    z.backward(torch.as_tensor(grad_z))
    return mu.grad.numpy(), sigma.grad.numpy()


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(mu, sigma, epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        mu, sigma, epsilon = (saved.detach().numpy() for saved in ctx.saved_tensors)
        grad_mu, grad_sigma = reparameterize_backward(grad_z.numpy(), mu, sigma, epsilon)
        return torch.as_tensor(grad_mu), torch.as_tensor(grad_sigma), None
