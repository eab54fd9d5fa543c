import numpy as np
import torch


def pull(grad_z, mu, sigma, epsilon):
    mu, sigma = (torch.tensor(np.asarray(array, dtype=float), requires_grad=True) for array in (mu, sigma))
    z = mu + sigma * torch.as_tensor(epsilon)
    z.backward(torch.as_tensor(grad_z))
    return mu.grad.numpy(), sigma.grad.numpy()
