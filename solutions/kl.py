"""Exercise 3: the KL term of the VAE, its gradient, and the total gradient.

Besides reconstructing well, a VAE keeps every N(mu, sigma^2) near the prior N(0, 1). The distance is the Kullback-Leibler
divergence, which for two Gaussians has a closed form (Kingma & Welling, 2014, appendix B): no sampling, no noise, and a gradient
that adds to the one through z.

Handout: "The KL term", "The KL gradient", "The total gradient".
"""

import numpy as np


def kl_divergence(mu, sigma):
    """Compute KL( N(mu, sigma^2) || N(0, 1) ), summed over the latent dimensions.

        KL = E_q[ log q(z) - log p(z) ],   q = N(mu, sigma^2),   p = N(0, 1)

    Args:
        mu: mean; the last axis runs over the latent dimensions.
        sigma: standard deviation, positive.

    Returns:
        The divergence, summed over the last axis: (batch, latent) -> (batch,). A 0-d input is a single latent dimension and gives its
        own divergence.

    Source: Kingma & Welling (2014), appendix B.
    """
    # BEGIN SOLUTION
    # TASK: Write the closed form for one latent dimension, element-wise; mind that log(sigma^2) = 2 log(sigma).
    # TASK: Sum over the last axis.
    # Each latent dimension has its own -1 and its own factor 1/2, so the sum comes last. The logarithm is taken of sigma, not of
    # sigma^2, whose square could underflow.
    divergence = 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma)
    return np.sum(divergence, axis=-1)
    # END SOLUTION


def kl_gradient(mu, sigma):
    """Differentiate the KL term with respect to the mean and the standard deviation.

    Args:
        mu: mean.
        sigma: standard deviation, positive, in the shape of `mu`.

    Returns:
        The pair (dKL/dmu, dKL/dsigma), element-wise: both in the shape of `mu`.
    """
    # BEGIN SOLUTION
    # TASK: Differentiate the closed form of one latent dimension, once by mu and once by sigma.
    # Of KL = (mu^2 + sigma^2 - 1)/2 - log(sigma): both squares lose their 1/2, the logarithm becomes the reciprocal. The two parts
    # of the second pull against each other and balance at sigma = 1, the prior's.
    return np.array(mu), sigma - 1.0 / sigma
    # END SOLUTION


def kl_gradient_log_var(mu, log_var):
    """Differentiate the KL term with respect to the mean and the logarithm of the variance, which encoders say in fact.

    Args:
        mu: mean.
        log_var: log(sigma^2), any real number, in the shape of `mu`.

    Returns:
        The pair (dKL/dmu, dKL/dlog_var), element-wise: both in the shape of `mu`.
    """
    # BEGIN SOLUTION
    # TASK: Write the closed form with log_var in place of sigma, and differentiate that.
    # KL = (mu^2 + exp(log_var) - 1 - log_var)/2, so dKL/dlog_var = (exp(log_var) - 1)/2. It keeps its digits near log_var = 0,
    # where the encoder starts, if the difference is left to expm1.
    return np.array(mu), 0.5 * np.expm1(log_var)
    # END SOLUTION


def total_gradient(grad_z, mu, sigma, epsilon, beta=1.0):
    """Add up everything that reaches the parameters: the path through z, and beta times the path through the KL term.

        total = L(z) + beta * KL(mu, sigma),   z = mu + sigma * epsilon

    Args:
        grad_z: dL/dz of the reconstruction loss L.
        mu: mean.
        sigma: standard deviation, positive.
        epsilon: the noise of the forward pass.
        beta: weight of the KL term; 1 is the VAE of Kingma & Welling (2014).

    Returns:
        The pair (grad_mu, grad_sigma) of the total. All arrays have equal shapes.
    """
    # BEGIN SOLUTION
    # TASK: Compute the gradients through z, compute the gradients of the KL term, and add them up with the weight beta.
    # A parameter that acts on the loss along two paths receives the sum of both gradients.
    kl_grad_mu, kl_grad_sigma = kl_gradient(mu, sigma)
    return grad_z + beta * kl_grad_mu, grad_z * epsilon + beta * kl_grad_sigma
    # END SOLUTION
