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
    # BEGIN SOLUTION
    # TASK: Run the forward pass up to mu, log_var and sigma.
    # TASK: Add the two gradients that arrive at mu, and the two that arrive at log_var.
    # TASK: Pull both sums back through the matrix products.
    # Forward: what the encoder says.
    mu = x @ w_mu
    log_var = x @ w_log_var
    sigma = np.exp(log_var / 2)
    # Back to the encoder's outputs, each reached along two paths: through z, and through the KL term. The path from z to log_var
    # leads over sigma = exp(log_var / 2), whose derivative is sigma / 2.
    grad_mu = grad_z + beta * mu
    grad_log_var = grad_z * epsilon * sigma / 2 + beta * np.expm1(log_var) / 2
    # Back through y = x @ w: weight w[i, j] acts on y[n, j] by x[n, i], in every example n of the batch.
    return x.T @ grad_mu, x.T @ grad_log_var
    # END SOLUTION
