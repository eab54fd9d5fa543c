"""Public checks of `implicit.py`, the bonus.

The graders' checks add: other distributions, some of which have no closed inverse; random parameters; and steps from 1e-3 to 1e-6, for which
only central differences are good enough everywhere.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

Z = np.array([-1.0, 0.25, 3.0])


def logistic_cdf(z, loc, scale):
    return 1 / (1 + np.exp(-(z - loc) / scale))


def logistic_pdf(z, loc, scale):
    half = np.exp(-(z - loc) / (2 * scale))
    return 1 / (scale * (half + 1 / half) ** 2)


def test_implicit_gradient_has_one_entry_for_each_parameter_shaped_like_z(exercise):
    gradients = exercise.implicit_gradient(Z, logistic_cdf, logistic_pdf, (0.5, 2.0))
    shapes = [np.shape(gradient) for gradient in gradients]
    assert shapes == [(3,), (3,)], f"two parameters and z of shape (3,) ask for two arrays of shape (3,), not {shapes}"


@pytest.mark.parametrize("step", [1e-3, 1e-5])
def test_implicit_gradient_agrees_with_the_explicit_one(exercise, step):
    grad_loc, grad_scale = exercise.implicit_gradient(Z, logistic_cdf, logistic_pdf, (0.5, 2.0), step)
    assert_allclose(grad_loc, [1.0, 1.0, 1.0], rtol=1e-4, err_msg="a location shifts every draw one to one: dz/dloc = 1")
    assert_allclose(grad_scale, [-0.75, -0.125, 1.25], rtol=1e-4, err_msg="dz/dscale must be (z - loc) / scale")


def test_implicit_gradient_takes_arrays_as_parameters(exercise):
    loc, scale = np.array([0.0, 1.0, 2.0]), np.float64(2.0)
    _, grad_scale = exercise.implicit_gradient(Z, logistic_cdf, logistic_pdf, (loc, scale))
    assert_allclose(grad_scale, [-0.5, -0.375, 0.5], rtol=1e-4, err_msg="each element of z has its own loc here")


def test_implicit_gradient_leaves_its_arguments_alone(exercise):
    z, loc, scale = Z.copy(), np.array([0.0, 1.0, 2.0]), np.array([2.0, 2.0, 2.0])
    exercise.implicit_gradient(z, logistic_cdf, logistic_pdf, (loc, scale))
    message = "an argument has changed: nudge a copy of a parameter, not the parameter"
    assert (z.tolist(), loc.tolist(), scale.tolist()) == (Z.tolist(), [0.0, 1.0, 2.0], [2.0, 2.0, 2.0]), message
