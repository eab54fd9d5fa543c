import numpy as np
import torch


def fold(g, shape):
    lead = np.ndim(g) - len(shape)
    return np.sum(g, axis=(*range(lead), *(lead + i for i, n in enumerate(shape) if n == 1))).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return fold(grad_z, np.shape(mu)), fold(grad_z * epsilon, np.shape(sigma))


Reparameterize = None
