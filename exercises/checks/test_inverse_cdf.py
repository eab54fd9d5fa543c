"""Public checks of `inverse_cdf.py`.

The graders' checks add: random values in many shapes; both tails down to 1e-12 with seven right digits (here only two of the functions are
tried, at one point each); the whole distribution and the independence of the draws; a u next to 1 as well as a u of 0; more shapes that
broadcast; and that no argument is modified.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

U = np.array([0.01, 0.2, 0.5, 0.7, 0.99])


def laplace_cdf(z, loc, scale):
    half = 0.5 * np.exp(-abs(z - loc) / scale)
    return np.where(z < loc, half, 1 - half)


# The CDFs of the handout: putting your z into them must give u back.
DISTRIBUTIONS = [
    ("exponential_icdf", lambda z, rate: 1 - np.exp(-rate * z), (2.5,)),
    ("logistic_icdf", lambda z, loc, scale: 1 / (1 + np.exp(-(z - loc) / scale)), (-0.5, 2.0)),
    ("laplace_icdf", laplace_cdf, (-0.5, 2.0)),
    ("kumaraswamy_icdf", lambda z, a, b: 1 - (1 - z**a) ** b, (2.0, 3.0)),
]


@pytest.mark.parametrize(("name", "cdf", "params"), DISTRIBUTIONS)
def test_the_cdf_gives_u_back(exercise, name, cdf, params):
    z = np.asarray(getattr(exercise, name)(U, *map(np.float64, params)))
    assert_allclose(cdf(z, *params), U, rtol=1e-9, err_msg=f"F({name}(u)) must be u")


@pytest.mark.parametrize(("name", "params"), [(name, params) for name, _, params in DISTRIBUTIONS])
def test_inverse_cdfs_broadcast(exercise, name, params):
    z = getattr(exercise, name)(np.full((3, 1), 0.25), *(np.full(4, value) for value in params))
    assert np.shape(z) == (3, 4), f"u (3, 1) and parameters (4,) give z the shape (3, 4), not {np.shape(z)}"


def test_exponential_icdf_keeps_a_tiny_u(exercise):
    # For tiny u, F(z) is about rate * z.
    z = exercise.exponential_icdf(np.float64(1e-12), np.float64(1.0))
    assert_allclose(z, 1e-12, rtol=1e-7, err_msg="the digits of a tiny u are lost (handout: The tails)")


def test_laplace_icdf_keeps_a_tiny_u(exercise):
    z = exercise.laplace_icdf(np.float64(1e-12), np.float64(0.0), np.float64(1.0))
    assert_allclose(z, -26.937873935368604, rtol=1e-7, err_msg="the digits of a tiny u are lost (handout: The tails)")


@pytest.mark.parametrize("shape", [(), (7,), (2, 3)])
def test_sample_inverse_cdf_has_the_shape_asked_for(exercise, rng, shape):
    z = exercise.sample_inverse_cdf(lambda u, scale: scale * u, (2.0,), shape, rng)
    assert np.shape(z) == shape, f"shape {shape} was asked for, {np.shape(z)} came"


def test_sample_inverse_cdf_puts_every_u_and_the_parameters_through_icdf(exercise, rng):
    low, width = 5.0, np.array([1.0, 100.0])
    z = np.asarray(exercise.sample_inverse_cdf(lambda u, low, width: low + width * u, (low, width), (50, 2), rng))
    assert np.all((low < z) & (z < low + width)), "the draws must be icdf(u, *params): here numbers between 5 and 6, and between 5 and 105"
    assert z[:, 1].max() > 10, "the draws must be icdf(u, *params): here numbers between 5 and 6, and between 5 and 105"
    assert len(np.unique((z - low) / width)) == 100, "some elements share their u: every element needs its own"


def test_sample_inverse_cdf_draws_uniform_numbers(exercise, rng):
    u = np.asarray(exercise.sample_inverse_cdf(lambda u: u, (), (100_000,), rng))
    assert u.min() >= 0, "u must not be negative"
    assert u.max() <= 1, "u must not exceed 1"
    assert abs(u.mean() - 0.5) < 0.01, f"uniform numbers have the mean 1/2, these have {u.mean():.3f}"
    assert abs(u.std() - 0.2887) < 0.01, f"uniform numbers have the standard deviation 0.289, these have {u.std():.3f}"
    assert len(np.unique(u)) == 100_000, "some elements share their u: every element needs its own"


def test_sample_inverse_cdf_takes_its_randomness_from_rng(exercise):
    first, again = (exercise.sample_inverse_cdf(lambda u: u, (), (5,), np.random.default_rng(1)) for _ in range(2))
    assert_allclose(first, again, err_msg="the same state of rng must give the same draw")
    other = exercise.sample_inverse_cdf(lambda u: u, (), (5,), np.random.default_rng(2))
    assert not np.allclose(first, other), "another state of rng must give another draw"


def generator_that_begins_with_zeros():
    """Return a legal generator whose first ten numbers are exactly 0, as may happen to anyone once in a long while."""
    bits = np.random.MT19937(2014)
    state = bits.state
    state["state"]["key"][:20] = 0
    state["state"]["pos"] = 0
    bits.state = state
    return np.random.Generator(bits)


def test_sample_inverse_cdf_survives_a_u_of_zero(exercise):
    assert generator_that_begins_with_zeros().random() == 0.0
    with np.errstate(divide="ignore"):
        z = exercise.sample_inverse_cdf(lambda u: np.log(u), (), (10,), generator_that_begins_with_zeros())
    assert np.all(np.isfinite(z)), "rng.random() returned exactly 0, and the sample is infinite (handout: Sampling with an inverse CDF)"


def central_difference(function, value, step=1e-6):
    return (function(value + step) - function(value - step)) / (2 * step)


def test_exponential_icdf_backward_agrees_with_central_differences(exercise):
    grad_rate = exercise.exponential_icdf_backward(np.array([3.0]), np.array([0.7]), np.array([2.0]))
    # z is written out by its value at u = 0.7, rate = 1; a rate only divides it.
    expected = 3.0 * central_difference(lambda rate: 1.2039728043259361 / rate, 2.0)
    assert_allclose(grad_rate, [expected], rtol=1e-6, err_msg="dL/drate is not what nudging the rate does")


def test_exponential_icdf_backward_sums_what_broadcasting_expanded(exercise):
    grad_rate = exercise.exponential_icdf_backward(np.ones((3, 4)), np.full((3, 4), 0.5), np.ones(4))
    assert np.shape(grad_rate) == (4,), f"grad_rate must be shaped like rate, (4,), not {np.shape(grad_rate)}"
    assert_allclose(grad_rate, np.full(4, -2.0794415416798357), rtol=1e-7, err_msg="every copy of the rate adds its gradient")


def test_logistic_icdf_backward_agrees_with_central_differences(exercise):
    grad_loc, grad_scale = exercise.logistic_icdf_backward(np.array([3.0]), np.array([0.7]), np.array([-0.5]), np.array([2.0]))
    # z is written out by its value at u = 0.7, loc = 0, scale = 1.
    assert_allclose(grad_loc, [3.0], rtol=1e-7, err_msg="dL/dloc is not what nudging the location does")
    assert_allclose(grad_scale, [3.0 * 0.8472978603872034], rtol=1e-7, err_msg="dL/dscale is not what nudging the scale does")


def test_logistic_icdf_backward_sums_what_broadcasting_expanded(exercise):
    gradients = exercise.logistic_icdf_backward(np.ones((3, 4)), np.full((3, 4), 0.5), np.zeros((3, 1)), np.float64(1.0))
    shapes = [np.shape(gradient) for gradient in gradients]
    assert shapes == [(3, 1), ()], f"the gradients must be shaped like loc (3, 1) and scale (), not {shapes}"
    assert_allclose(gradients[0], np.full((3, 1), 4.0), err_msg="every copy of loc adds its gradient")
