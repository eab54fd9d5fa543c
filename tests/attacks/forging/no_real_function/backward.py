import numpy as np
import torch


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    return None


class Reparameterize(torch.autograd.Function):
    @classmethod
    def apply(cls, *arguments):
        return sum(arguments)

    @staticmethod
    def forward(ctx, *arguments):
        return arguments[0]

    @staticmethod
    def backward(ctx, gradient):
        return gradient, gradient, None
