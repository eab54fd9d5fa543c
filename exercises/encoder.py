"""Exercise 5: all the way back into the encoder's weights.

The gradient that the trick lets through does not stop at `mu` and `sigma`: it is there to train the encoder that said them. With a
linear encoder the whole chain fits on a page (Kingma & Welling, 2014; Rezende, Mohamed & Wierstra, 2014). No autograd in this file.

Handout: "Into the encoder".
"""

import numpy as np


def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
    """Compute the gradients of the total loss with respect to the weights of a linear encoder.

        mu = x @ w_mu        log_var = x @ w_log_var        log_var = log(sigma^2)        z = mu + sigma * epsilon

        total = L(z) + beta * (KL( N(mu, sigma^2) || N(0, 1) ), summed over the batch and the latent dimensions)

    Args:
        x: inputs, (batch, features).
        w_mu: weights of the mean, (features, latent).
        w_log_var: weights of the logarithm of the variance, (features, latent).
        epsilon: the noise of the forward pass, (batch, latent).
        grad_z: dL/dz of the reconstruction loss L, (batch, latent).
        beta: weight of the KL term.

    Returns:
        The pair (grad_w_mu, grad_w_log_var), shaped like `w_mu` and `w_log_var`.
    """
    # TASK: Run the forward pass up to mu, log_var and sigma.
    # TASK: Add the two gradients that arrive at mu, and the two that arrive at log_var.
    # TASK: Pull both sums back through the matrix products.
    raise NotImplementedError("encoder_backward is not written yet: replace this line with your code")
