"""Exercise 2: the backward pass of the reparameterization, by hand.

Backpropagation hands over grad_z = dL/dz and asks for dL/dmu and dL/dsigma. The chain rule multiplies grad_z by the local
gradients of z = mu + sigma * epsilon (Kingma & Welling, 2014; Rezende, Mohamed & Wierstra, 2014). No autograd in this file:
here you are what autograd would be.

Handout: "The local gradients", "The same in torch".
"""

import numpy as np
import torch


def unbroadcast(gradient, shape):
    """Sum a gradient over the axes that broadcasting expanded. A helper: it is not graded by itself, but you will need it.

    A value that broadcasting copies to many places collects a gradient from each of them:

        forward   (1, 4) and (3, 4)  ->  (3, 4)        backward   (3, 4)  ->  (1, 4), summed over the first axis

    Args:
        gradient: an array in the shape that the forward pass produced.
        shape: the shape that the forward pass started from, a tuple; `()` for a scalar.

    Returns:
        An array of the given shape.
    """
    # BEGIN SOLUTION
    # TASK: Find the axes that were added in front, and those that had size 1 and were stretched.
    # TASK: Sum over them, and give the result the shape that is asked for.
    # Broadcasting aligns shapes at the end, so all axes that are new stand in front.
    added = np.ndim(gradient) - len(shape)
    # A size of 1 was stretched, or the axis still has size 1 and its sum has a single term: right either way.
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.sum(gradient, axis=(*range(added), *stretched)).reshape(shape)
    # END SOLUTION


def reparameterize_backward(grad_z, mu, sigma, epsilon):
    """Pull the gradient of a loss L back through z = mu + sigma * epsilon.

        dL/dmu = dL/dz * dz/dmu        dL/dsigma = dL/dz * dz/dsigma

    Args:
        grad_z: dL/dz, in the shape of z.
        mu: mean, as in the forward pass.
        sigma: standard deviation, as in the forward pass.
        epsilon: the noise of the forward pass.

    Returns:
        The pair (grad_mu, grad_sigma), shaped like `mu` and like `sigma`: where broadcasting stretched one of them to the shape of z,
        the gradients of all its copies are summed.

    Source: Rezende, Mohamed & Wierstra (2014), section 3.
    """
    # BEGIN SOLUTION
    # TASK: Work out the two local gradients dz/dmu and dz/dsigma on paper.
    # TASK: Multiply each by grad_z, then sum what broadcasting expanded (write `unbroadcast` for that).
    # dz/dmu = 1: the mean shifts z one to one.
    grad_mu = unbroadcast(grad_z, np.shape(mu))
    # dz/dsigma = epsilon: the noise that was drawn says how far sigma moves this very z.
    grad_sigma = unbroadcast(grad_z * epsilon, np.shape(sigma))
    return grad_mu, grad_sigma
    # END SOLUTION


class Reparameterize(torch.autograd.Function):
    """z = mu + sigma * epsilon as a building block of torch with a backward pass of its own.

    Torch calls `forward` on the way to the loss and `backward` on the way back; use it as `Reparameterize.apply(mu, sigma, epsilon)`.
    `mu`, `sigma` and `epsilon` are tensors of equal shapes.
    """

    @staticmethod
    def forward(ctx, mu, sigma, epsilon):
        """Return z, and keep in `ctx` what `backward` will need.

        Args:
            ctx: torch's notebook for this call; `ctx.save_for_backward(...)` writes tensors into it.
            mu: mean.
            sigma: standard deviation.
            epsilon: noise from N(0, 1), a leaf: no gradient of it is ever needed.
        """
        # BEGIN SOLUTION
        # TASK: Save the one tensor that the local gradients need, and return z.
        # Of the three inputs only the noise appears in a local gradient.
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon
        # END SOLUTION

    @staticmethod
    def backward(ctx, grad_z):
        """Return (grad_mu, grad_sigma, None): one entry for each argument of `forward`, and None for the noise.

        Args:
            ctx: the notebook that `forward` wrote into; `ctx.saved_tensors` is a tuple.
            grad_z: dL/dz, a tensor in the shape of z.
        """
        # BEGIN SOLUTION
        # TASK: Multiply grad_z by the two local gradients; the noise gets None.
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None
        # END SOLUTION
