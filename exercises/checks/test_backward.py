"""Public checks of `backward.py`.

The graders' checks add: many more shapes that broadcast, up to three axes; random values and sigma from 1e-8 to 1e8; your gradients
against central differences; float32 and float64; random incoming gradients; that no argument is modified; and that autograd is not called in here.
"""

import numpy as np
import pytest
import torch
import walk_through as walk
from numpy.testing import assert_allclose


def test_reparameterize_backward_gives_the_gradients_of_the_walk_through(exercise):
    values = [np.float64(value) for value in (walk.GRAD_Z, walk.MU, walk.SIGMA, walk.EPSILON)]
    grad_mu, grad_sigma = exercise.reparameterize_backward(*values)
    assert_allclose(grad_mu, walk.GRAD_MU, rtol=1e-7, atol=1e-12, err_msg="dL/dmu differs from the handout's")
    assert_allclose(grad_sigma, walk.GRAD_SIGMA, rtol=1e-7, atol=1e-12, err_msg="dL/dsigma differs from the handout's")


def test_reparameterize_backward_works_element_by_element(exercise):
    grad_z, epsilon = np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.0, 2.0])
    grad_mu, grad_sigma = exercise.reparameterize_backward(grad_z, np.zeros(3), np.ones(3), epsilon)
    assert_allclose(grad_mu, [1.0, 2.0, 3.0], err_msg="grad_mu of three independent elements")
    assert_allclose(grad_sigma, [-1.0, 0.0, 6.0], err_msg="grad_sigma of three independent elements")


@pytest.mark.parametrize(
    ("mu_shape", "sigma_shape", "expected_mu", "expected_sigma"),
    [
        ((2,), (2, 2), [4.0, 6.0], [[10.0, 40.0], [90.0, 160.0]]),
        ((2, 1), (1, 2), [[3.0], [7.0]], [[100.0, 200.0]]),
        ((), (1, 1), 10.0, [[300.0]]),
    ],
)
def test_reparameterize_backward_sums_what_broadcasting_expanded(exercise, mu_shape, sigma_shape, expected_mu, expected_sigma):
    grad_z, epsilon = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0, 20.0], [30.0, 40.0]])
    grad_mu, grad_sigma = exercise.reparameterize_backward(grad_z, np.zeros(mu_shape), np.ones(sigma_shape), epsilon)
    assert np.shape(grad_mu) == mu_shape, f"grad_mu must be shaped like mu, {mu_shape}, not {np.shape(grad_mu)}"
    assert np.shape(grad_sigma) == sigma_shape, f"grad_sigma must be shaped like sigma, {sigma_shape}, not {np.shape(grad_sigma)}"
    assert_allclose(grad_mu, expected_mu, err_msg="every copy that broadcasting made of mu adds its gradient")
    assert_allclose(grad_sigma, expected_sigma, err_msg="every copy that broadcasting made of sigma adds its gradient")


def tensors(*values, requires_grad=True):
    return [torch.tensor([value], dtype=torch.float64, requires_grad=requires_grad) for value in values]


def test_reparameterize_class_gives_the_z_of_the_walk_through(exercise):
    z = exercise.Reparameterize.apply(*tensors(walk.MU, walk.SIGMA, walk.EPSILON))
    assert_allclose(z.detach(), [walk.Z], rtol=1e-7, atol=1e-12, err_msg="forward: z differs from the handout's")


def test_reparameterize_class_gives_the_gradients_of_the_walk_through(exercise):
    mu, sigma = tensors(walk.MU, walk.SIGMA)
    (epsilon,) = tensors(walk.EPSILON, requires_grad=False)
    exercise.Reparameterize.apply(mu, sigma, epsilon).backward(torch.tensor([walk.GRAD_Z], dtype=torch.float64))
    assert_allclose(mu.grad, [walk.GRAD_MU], rtol=1e-7, atol=1e-12, err_msg="backward: dL/dmu differs from the handout's")
    assert_allclose(sigma.grad, [walk.GRAD_SIGMA], rtol=1e-7, atol=1e-12, err_msg="backward: dL/dsigma differs from the handout's")


def test_reparameterize_class_works_element_by_element(exercise):
    mu, sigma = torch.zeros(2, 2, dtype=torch.float64, requires_grad=True), torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    epsilon = torch.tensor([[-1.0, 0.0], [2.0, -5.0]], dtype=torch.float64)
    z = exercise.Reparameterize.apply(mu, sigma, epsilon)
    assert tuple(z.shape) == (2, 2), f"mu, sigma and epsilon of shape (2, 2) give z the shape (2, 2), not {tuple(z.shape)}"
    z.backward(torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64))
    assert_allclose(mu.grad, [[1.0, 2.0], [3.0, 4.0]], err_msg="grad_mu of four independent elements")
    assert_allclose(sigma.grad, [[-1.0, 0.0], [6.0, -20.0]], err_msg="grad_sigma of four independent elements")


def test_reparameterize_class_gives_the_noise_no_gradient(exercise):
    mu, sigma, epsilon = tensors(walk.MU, walk.SIGMA, walk.EPSILON)
    exercise.Reparameterize.apply(mu, sigma, epsilon).sum().backward()
    assert epsilon.grad is None, "the noise is a leaf that nobody trains: its entry in what backward returns is None"
