import numpy as np
import torch


def selection(shape, z_shape):
    """Matrix of 0 and 1: which element of z reads which element of the parameter."""
    columns = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), z_shape).ravel()
    matrix = np.zeros((columns.size, int(np.prod(shape))))
    matrix[np.arange(columns.size), columns] = 1.0
    return matrix


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    z_shape = np.shape(grad_z)
    g = np.reshape(grad_z, -1)
    noise = np.broadcast_to(epsilon, z_shape).reshape(-1)
    jacobian_mu = selection(np.shape(mu), z_shape)
    jacobian_sigma = np.diag(noise) @ selection(np.shape(sigma), z_shape)
    return (g @ jacobian_mu).reshape(np.shape(mu)), (g @ jacobian_sigma).reshape(np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(mu, sigma, epsilon):
        return mu + sigma * epsilon

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[2])

    @staticmethod
    def backward(ctx, grad_z):
        return grad_z, grad_z * ctx.saved_tensors[0], None
