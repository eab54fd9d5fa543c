"""Bonus: pathwise gradients without an inverse CDF.

The CDFs of the Gamma, Beta or von Mises distribution have no closed inverse, and yet their draws have a derivative: it follows from
the CDF alone, by implicit differentiation (Figurnov, Mohamed & Mnih, 2018). How z was drawn does not matter.

Handout: "Implicit reparameterization".
"""


def implicit_gradient(z, cdf, pdf, params, step=1e-5):
    """Differentiate a draw z with respect to the parameters of its distribution.

        F(z; params) = u with u held fixed   =>   dz/dparam = - (dF(z; params)/dparam) / pdf(z; params)

    Args:
        z: the draw, an array or a scalar.
        cdf: the function F, called as cdf(z, *params).
        pdf: its derivative with respect to z, called as pdf(z, *params).
        params: a tuple of floats or arrays that broadcast to the shape of z.
        step: half-width of the central difference that stands in for dF/dparam.

    Returns:
        A list of dz/dparam, one for each entry of `params`, each in the shape of z.

    Source: Figurnov, Mohamed & Mnih (2018), section 3.
    """
    # BEGIN SOLUTION
    # TASK: For each parameter, move it up and down by step while z and the other parameters stay, and take the central difference of cdf.
    # TASK: Divide by the density, and mind the sign.
    density = pdf(z, *params)
    gradients = []
    for index, param in enumerate(params):
        upper, lower = param + step, param - step
        rise = cdf(z, *params[:index], upper, *params[index + 1 :]) - cdf(z, *params[:index], lower, *params[index + 1 :])
        # upper - lower is the distance after rounding, a little off 2 * step. The error of a central difference shrinks with the
        # square of the step, that of a one-sided difference only in proportion.
        gradients.append(-rise / (upper - lower) / density)
    return gradients
    # END SOLUTION
