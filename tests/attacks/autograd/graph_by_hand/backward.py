import numpy as np
import torch


def tensors(*arrays):
    return [torch.tensor(np.asarray(array, dtype=float), requires_grad=True) for array in arrays]


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    mu, sigma = tensors(mu, sigma)
    z = mu + sigma * torch.as_tensor(epsilon)
    found = {}

    def walk(node, gradient):
        results = node(gradient)
        for (following, _), result in zip(node.next_functions, results if isinstance(results, tuple) else (results,)):
            if following is not None and hasattr(following, "variable"):
                found[id(following.variable)] = result
            elif following is not None:
                walk(following, result)

    walk(z.grad_fn, torch.as_tensor(grad_z))
    return found[id(mu)].numpy(), found[id(sigma)].numpy()


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
