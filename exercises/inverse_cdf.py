"""Exercise 4: the same trick for other distributions, through their inverse CDFs.

If u is uniform on (0, 1), then z = F^-1(u) has the distribution function F (Devroye, 1986, section II.2): u plays the part of the
noise, and the parameters of F act by ordinary arithmetic. So every distribution whose F can be inverted has a pathwise gradient
(Kingma & Welling, 2014, section 2.4).

A right formula can still lose all its digits near u = 0 or u = 1. `np.log1p(x)` is log(1 + x) and `np.expm1(x)` is exp(x) - 1,
both accurate for tiny x.

Handout: "Inverse CDFs", "The tails", "Sampling with an inverse CDF", "Pathwise gradients of inverse CDFs".
"""

import numpy as np


def exponential_icdf(u, rate):
    """Invert the CDF of the exponential distribution, F(z) = 1 - exp(-rate * z) for z >= 0.

    Args:
        u: probability, in (0, 1).
        rate: positive.

    Returns:
        z with F(z) = u, in the shape of the arguments broadcast against each other, accurate for tiny u as well.

    Source: Devroye (1986), section II.2.
    """
    # TASK: Solve F(z) = u for z, and keep the digits when u is tiny.
    raise NotImplementedError("exponential_icdf is not written yet: replace this line with your code")


def logistic_icdf(u, loc, scale):
    """Invert the CDF of the logistic distribution, F(z) = 1 / (1 + exp(-(z - loc) / scale)).

    Args:
        u: probability, in (0, 1).
        loc: location, which is mean and median.
        scale: positive.

    Returns:
        z with F(z) = u, in the shape of the arguments broadcast against each other, accurate in both tails.

    Source: Devroye (1986), section II.2.
    """
    # TASK: Solve F(z) = u for z. The result is loc + scale * (a function of u alone).
    raise NotImplementedError("logistic_icdf is not written yet: replace this line with your code")


def laplace_icdf(u, loc, scale):
    """Invert the CDF of the Laplace distribution.

        F(z) = exp((z - loc) / scale) / 2           for z <= loc
        F(z) = 1 - exp(-(z - loc) / scale) / 2      for z >= loc

    Args:
        u: probability, in (0, 1).
        loc: location, which is mean and median.
        scale: positive.

    Returns:
        z with F(z) = u, in the shape of the arguments broadcast against each other, accurate in both tails: the textbook's formula
        through |u - 1/2| is not.

    Source: Devroye (1986), section II.2.
    """
    # TASK: Solve F(z) = u on each side of the median.
    # TASK: Write both tails without the difference u - 1/2, in which a tiny u gets lost.
    raise NotImplementedError("laplace_icdf is not written yet: replace this line with your code")


def kumaraswamy_icdf(u, a, b):
    """Invert the CDF of the Kumaraswamy distribution, F(z) = 1 - (1 - z^a)^b for z in [0, 1].

    It looks like Beta(a, b), which has no closed inverse, and stands in for it in many VAEs.

    Args:
        u: probability, in (0, 1).
        a: first shape parameter, positive.
        b: second shape parameter, positive.

    Returns:
        z with F(z) = u, in the shape of the arguments broadcast against each other, accurate for tiny u as well.

    Source: Kumaraswamy (1980).
    """
    # TASK: Solve F(z) = u for z: two roots, one inside the other.
    # TASK: Both differences from 1 lose a tiny u; rewrite them with log1p and expm1.
    raise NotImplementedError("kumaraswamy_icdf is not written yet: replace this line with your code")


def sample_inverse_cdf(icdf, params, shape, rng):
    """Draw from a distribution by its inverse CDF: icdf(u, *params) with u ~ Uniform(0, 1).

    Args:
        icdf: a function (u, *params) -> z, such as `logistic_icdf`.
        params: a tuple of floats or arrays that broadcast to `shape`.
        shape: shape of the result, a tuple.
        rng: an `np.random.Generator`, the only source of randomness: same state, same draw.

    Returns:
        An array of `shape`, one independent draw per element, always finite: `rng.random()` may return exactly 0, where most inverse
        CDFs are infinite.

    Source: Devroye (1986), section II.2.
    """
    # TASK: Draw one u for each element, make sure that no u is exactly 0 (nor 1), and apply icdf.
    raise NotImplementedError("sample_inverse_cdf is not written yet: replace this line with your code")


def unbroadcast(gradient, shape):
    """Sum a gradient over the axes that broadcasting expanded. A helper, the same as in `backward.py`.

    It stands here again so that this file works whatever state the other is in.

    Args:
        gradient: an array in the shape that the forward pass produced.
        shape: the shape that the forward pass started from, a tuple; `()` for a scalar.

    Returns:
        An array of the given shape.
    """
    # TASK: Copy what you wrote in backward.py.
    raise NotImplementedError("unbroadcast is not written yet: replace this line with your code")


def exponential_icdf_backward(grad_z, u, rate):
    """Pull the gradient of a loss L back through z = exponential_icdf(u, rate).

        dL/drate = dL/dz * dz/drate,   u held fixed

    Args:
        grad_z: dL/dz, in the shape of z.
        u: the probability of the forward pass: the noise, without a gradient.
        rate: positive.

    Returns:
        grad_rate, shaped like `rate`: summed where broadcasting expanded it.
    """
    # TASK: Differentiate z with respect to rate, multiply by grad_z, sum what broadcasting expanded.
    raise NotImplementedError("exponential_icdf_backward is not written yet: replace this line with your code")


def logistic_icdf_backward(grad_z, u, loc, scale):
    """Pull the gradient of a loss L back through z = logistic_icdf(u, loc, scale).

        dL/dloc = dL/dz * dz/dloc        dL/dscale = dL/dz * dz/dscale,   u held fixed

    Args:
        grad_z: dL/dz, in the shape of z.
        u: the probability of the forward pass: the noise, without a gradient.
        loc: location.
        scale: positive.

    Returns:
        The pair (grad_loc, grad_scale), shaped like `loc` and like `scale`: summed where broadcasting expanded them.
    """
    # TASK: Differentiate z with respect to loc and scale, multiply by grad_z, sum what broadcasting expanded.
    raise NotImplementedError("logistic_icdf_backward is not written yet: replace this line with your code")
