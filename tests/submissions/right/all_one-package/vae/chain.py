import numpy as np
import torch


def fold(g, shape):
    lead = np.ndim(g) - len(shape)
    return np.sum(g, axis=(*range(lead), *(lead + i for i, n in enumerate(shape) if n == 1))).reshape(shape)


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return fold(grad_z, np.shape(mu)), fold(grad_z * epsilon, np.shape(sigma))


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx, grad_z):
        return grad_z, grad_z * ctx.saved_tensors[0], None


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    def difference(i):
        f = [cdf(z, *params[:i], params[i] + h, *params[i + 1 :]) for h in (step, -step)]
        return (f[0] - f[1]) / (2 * step)

    return [-difference(i) / pdf(z, *params) for i in range(len(params))]
