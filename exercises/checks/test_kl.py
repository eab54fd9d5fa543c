"""Public checks of `kl.py`.

The graders' checks add: random values in shapes from a single number to three axes; sigma from 1e-8 to 1e8 and log_var from -30 to 30;
your gradients against central differences of your own divergence; and that no argument is modified.
"""

import numpy as np
import walk_through as walk
from numpy.testing import assert_allclose

MU, SIGMA, LOG_VAR = np.float64(walk.MU), np.float64(walk.SIGMA), np.float64(walk.LOG_VAR)


def test_kl_divergence_gives_the_value_of_the_walk_through(exercise):
    assert_allclose(exercise.kl_divergence(MU, SIGMA), walk.KL, rtol=1e-7, atol=1e-12, err_msg="KL differs from the handout's")


def test_kl_divergence_is_zero_at_the_prior(exercise):
    assert_allclose(exercise.kl_divergence(np.zeros(3), np.ones(3)), 0.0, atol=1e-12, err_msg="N(0, 1) is at no distance from itself")


def test_kl_divergence_sums_over_the_last_axis(exercise):
    mu = np.array([[0.0, 1.0, 2.0], [0.0, 0.0, 4.0]])
    divergence = exercise.kl_divergence(mu, np.ones((2, 3)))
    assert np.shape(divergence) == (2,), f"two codes of three latent dimensions have two divergences, not the shape {np.shape(divergence)}"
    assert_allclose(divergence, [2.5, 8.0], err_msg="each divergence is the sum over its latent dimensions")


def test_kl_gradient_gives_the_gradients_of_the_walk_through(exercise):
    grad_mu, grad_sigma = exercise.kl_gradient(MU, SIGMA)
    assert_allclose(grad_mu, walk.KL_GRAD_MU, rtol=1e-7, atol=1e-12, err_msg="dKL/dmu differs from the handout's")
    assert_allclose(grad_sigma, walk.KL_GRAD_SIGMA, rtol=1e-7, atol=1e-12, err_msg="dKL/dsigma differs from the handout's")


def test_kl_gradient_works_element_by_element(exercise):
    grad_mu, grad_sigma = exercise.kl_gradient(np.array([[0.0, -3.0], [1.0, 4.0]]), np.array([[1.0, 2.0], [1.0, 0.5]]))
    assert_allclose(grad_mu, [[0.0, -3.0], [1.0, 4.0]], err_msg="dKL/dmu for mu = (0, -3), (1, 4)")
    assert_allclose(grad_sigma, [[0.0, 1.5], [0.0, -1.5]], atol=1e-12, err_msg="dKL/dsigma for sigma = (1, 2), (1, 1/2)")


def test_kl_gradient_log_var_agrees_with_the_chain_rule(exercise):
    grad_mu, grad_log_var = exercise.kl_gradient_log_var(MU, LOG_VAR)
    assert_allclose(grad_mu, walk.KL_GRAD_MU, rtol=1e-7, atol=1e-12, err_msg="dKL/dmu does not depend on how sigma is written")
    chained = walk.KL_GRAD_SIGMA * walk.SIGMA / 2  # dKL/dsigma * dsigma/dlog_var
    assert_allclose(grad_log_var, chained, rtol=1e-7, atol=1e-12, err_msg="dKL/dlog_var must be dKL/dsigma times dsigma/dlog_var")


def test_kl_gradient_log_var_is_zero_at_the_prior(exercise):
    for gradient in exercise.kl_gradient_log_var(np.zeros(2), np.zeros(2)):
        assert_allclose(gradient, [0.0, 0.0], atol=1e-12, err_msg="at mu = 0, log_var = 0 the KL term is smallest: its gradient is zero")


def test_total_gradient_gives_the_totals_of_the_walk_through(exercise):
    values = np.float64(walk.GRAD_Z), MU, SIGMA, np.float64(walk.EPSILON)
    grad_mu, grad_sigma = exercise.total_gradient(*values, walk.BETA)
    assert_allclose(grad_mu, walk.TOTAL_MU, rtol=1e-7, atol=1e-12, err_msg="the total for mu differs from the handout's")
    assert_allclose(grad_sigma, walk.TOTAL_SIGMA, rtol=1e-7, atol=1e-12, err_msg="the total for sigma differs from the handout's")


def test_total_gradient_without_the_kl_term_is_the_gradient_through_z(exercise):
    values = np.float64(walk.GRAD_Z), MU, SIGMA, np.float64(walk.EPSILON)
    grad_mu, grad_sigma = exercise.total_gradient(*values, beta=0.0)
    message = "with beta = 0 only the path through z is left"
    assert_allclose([grad_mu, grad_sigma], [walk.GRAD_MU, walk.GRAD_SIGMA], rtol=1e-7, atol=1e-12, err_msg=message)


def test_total_gradient_weighs_the_kl_term_with_beta(exercise):
    grad_z, mu, sigma, epsilon = np.array([1.0, -2.0]), np.array([0.0, 3.0]), np.array([1.0, 2.0]), np.array([2.0, -1.0])
    grad_mu, grad_sigma = exercise.total_gradient(grad_z, mu, sigma, epsilon, 4.0)
    assert_allclose(grad_mu, [1.0, 10.0], err_msg="the totals for mu of two independent elements, with beta = 4")
    assert_allclose(grad_sigma, [2.0, 8.0], err_msg="the totals for sigma of two independent elements, with beta = 4")


def test_total_gradient_has_beta_one_by_default(exercise):
    values = np.float64(walk.GRAD_Z), MU, SIGMA, np.float64(walk.EPSILON)
    message = "leaving beta out must mean beta = 1"
    assert_allclose(exercise.total_gradient(*values), exercise.total_gradient(*values, 1.0), err_msg=message)
