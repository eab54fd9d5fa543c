"""Public checks of `encoder.py`.

The graders' checks add: random inputs and weights in many sizes, batches and latents of 1 among them; your gradients against central
differences; other values of beta; that no argument is modified; and that autograd is not called in here.
"""

import numpy as np
import walk_through as walk
from numpy.testing import assert_allclose


def walk_through_encoder():
    """An encoder with one input, x = 1, whose weights therefore are what it says: mu and log_var of the walk-through."""
    return [np.array([[value]]) for value in (1.0, walk.MU, walk.LOG_VAR, walk.EPSILON, walk.GRAD_Z)]


def test_encoder_backward_gives_the_totals_of_the_walk_through(exercise):
    grad_w_mu, grad_w_log_var = exercise.encoder_backward(*walk_through_encoder(), walk.BETA)
    assert_allclose(grad_w_mu, [[walk.TOTAL_MU]], rtol=1e-7, atol=1e-12, err_msg="with x = 1 the gradient of w_mu is the total for mu")
    total_log_var = walk.TOTAL_SIGMA * walk.SIGMA / 2  # dsigma/dlog_var
    message = "with x = 1 the gradient of w_log_var is the total for sigma times dsigma/dlog_var"
    assert_allclose(grad_w_log_var, [[total_log_var]], rtol=1e-7, atol=1e-12, err_msg=message)


def test_encoder_backward_without_the_kl_term_has_only_the_path_through_z(exercise):
    grad_w_mu, grad_w_log_var = exercise.encoder_backward(*walk_through_encoder(), beta=0.0)
    assert_allclose(grad_w_mu, [[walk.GRAD_MU]], rtol=1e-7, atol=1e-12, err_msg="with beta = 0 only the path through z is left")
    assert_allclose(
        grad_w_log_var, [[walk.GRAD_SIGMA * walk.SIGMA / 2]], rtol=1e-7, atol=1e-12, err_msg="with beta = 0 only the path through z is left"
    )


def test_encoder_backward_has_beta_one_by_default(exercise):
    default, one = (exercise.encoder_backward(*walk_through_encoder(), **keywords) for keywords in ({}, {"beta": 1.0}))
    assert_allclose(default, one, err_msg="leaving beta out must mean beta = 1")


def test_encoder_backward_is_shaped_like_the_weights(exercise, rng):
    x, w_mu, w_log_var = rng.standard_normal((5, 3)), rng.standard_normal((3, 2)), rng.standard_normal((3, 2))
    gradients = exercise.encoder_backward(x, w_mu, w_log_var, rng.standard_normal((5, 2)), rng.standard_normal((5, 2)))
    shapes = [np.shape(gradient) for gradient in gradients]
    assert shapes == [(3, 2), (3, 2)], f"the gradients must be shaped like the weights, (3, 2), not {shapes}"


def test_encoder_backward_sums_over_the_batch(exercise):
    single = walk_through_encoder()
    double = [np.repeat(value, 2, axis=0) if index in (0, 3, 4) else value for index, value in enumerate(single)]
    for once, twice in zip(exercise.encoder_backward(*single), exercise.encoder_backward(*double), strict=True):
        assert_allclose(
            twice, 2 * np.asarray(once), rtol=1e-7, atol=1e-12, err_msg="the same example twice gives twice the gradient: a sum, not a mean"
        )
