"""Exercise 1: draw from a Gaussian so that gradients can flow back to its parameters.

An encoder says `mu` and `sigma`; the decoder needs a random z ~ N(mu, sigma^2). A draw made by a random number generator has no
derivative with respect to `mu` or `sigma`. The reparameterization trick (Kingma & Welling, 2014; Rezende, Mohamed & Wierstra, 2014)
draws parameter-free noise first and then moves it into place with ordinary arithmetic, which does have a derivative.

Handout: "The trick", "Why the distribution is unchanged", "The two graphs".
"""

import numpy as np
import torch


def reparameterize(mu, sigma, epsilon):
    """Turn standard noise into a draw from N(mu, sigma^2).

        epsilon ~ N(0, 1)   =>   z ~ N(mu, sigma^2)

    Args:
        mu: mean, an array or a scalar.
        sigma: standard deviation (not the variance), positive.
        epsilon: a draw from N(0, 1); it is given, so this function is not random at all.

    Returns:
        z, in the shape that `mu`, `sigma` and `epsilon` have when broadcast against each other. The arguments stay as they are.

    Source: Kingma & Welling (2014), section 2.4.
    """
    # TASK: Scale the noise to the spread that is wanted, then shift it to the mean.
    raise NotImplementedError("reparameterize is not written yet: replace this line with your code")


def sample(mu, sigma, rng):
    """Draw z ~ N(mu, sigma^2) by way of standard noise.

    Args:
        mu: mean, an array or a scalar.
        sigma: standard deviation, positive.
        rng: an `np.random.Generator`, the only source of randomness: same state, same draw.

    Returns:
        z, in the shape that `mu` and `sigma` have when broadcast against each other, with one independent draw for every element: two
        rows of a batch, or two latent dimensions, never share their noise.
    """
    # TASK: Find the shape of z, draw that many independent standard normal numbers from rng, and reparameterize them.
    raise NotImplementedError("sample is not written yet: replace this line with your code")


def rsample(mu, log_var, generator=None):
    """Draw z ~ N(mu, exp(log_var)) in torch, differentiably: the line that makes a VAE trainable.

        log_var = log(sigma^2),   epsilon ~ N(0, 1)   =>   z ~ N(mu, sigma^2)

    Encoders say the logarithm of the variance because it may be any real number, while sigma must stay positive.

    Args:
        mu: mean, a floating-point tensor.
        log_var: logarithm of the variance, a tensor like `mu`.
        generator: a `torch.Generator`, or None for torch's default generator.

    Returns:
        z, a tensor with the shape and the dtype of `mu`, one independent draw per element. A gradient that arrives at z reaches both
        `mu` and `log_var`; the noise is a leaf and gets none.

    Source: Kingma & Welling (2014), section 2.4 and appendix C.2.
    """
    # TASK: Turn log_var into the standard deviation.
    # TASK: Draw standard noise from the generator with the shape and dtype of mu.
    # TASK: Combine them with operations that autograd can follow.
    raise NotImplementedError("rsample is not written yet: replace this line with your code")
