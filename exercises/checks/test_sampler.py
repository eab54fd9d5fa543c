"""Public checks of `sampler.py`.

The graders' checks add: more shapes and random values; sigma from 1e-8 to 1e8; float32 and float64; the whole distribution of the draws
instead of two moments; independence along every axis and from call to call; that no argument is modified; that nothing draws from a global random
state.
"""

import numpy as np
import pytest
import torch
import walk_through as walk
from numpy.testing import assert_allclose

MANY = 100_000


def test_reparameterize_gives_the_z_of_the_walk_through(exercise):
    z = exercise.reparameterize(np.float64(walk.MU), np.float64(walk.SIGMA), np.float64(walk.EPSILON))
    assert_allclose(z, walk.Z, rtol=1e-7, atol=1e-12, err_msg="z differs from the handout's: which of the three is multiplied, which is added?")


def test_reparameterize_works_element_by_element(exercise):
    z = exercise.reparameterize(np.array([1.0, 2.0, -1.0]), np.array([3.0, 4.0, 0.5]), np.array([-1.0, 0.5, 0.0]))
    assert_allclose(z, [-2.0, 4.0, -1.0], err_msg="three elements, one of them below its mean")


def test_reparameterize_broadcasts(exercise):
    z = exercise.reparameterize(np.zeros((3, 1)), np.ones(4), np.ones((3, 4)))
    assert np.shape(z) == (3, 4), f"mu (3, 1), sigma (4,) and epsilon (3, 4) give z the shape (3, 4), not {np.shape(z)}"


def test_reparameterize_leaves_its_arguments_alone(exercise):
    mu, sigma, epsilon = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([5.0, 6.0])
    exercise.reparameterize(mu, sigma, epsilon)
    message = "an argument has changed: operators such as += write into the array they are given"
    assert (mu.tolist(), sigma.tolist(), epsilon.tolist()) == ([1.0, 2.0], [3.0, 4.0], [5.0, 6.0]), message


def test_sample_has_the_shape_of_mu_and_sigma_together(exercise, rng):
    z = exercise.sample(np.zeros((3, 1)), np.ones(4), rng)
    assert np.shape(z) == (3, 4), f"mu (3, 1) and sigma (4,) ask for draws of shape (3, 4), not {np.shape(z)}"


def test_sample_has_the_mean_and_the_standard_deviation_asked_for(exercise, rng):
    z = np.asarray(exercise.sample(np.full(MANY, 2.0), np.full(MANY, 3.0), rng))
    assert abs(np.mean(z) - 2.0) < 0.1, f"draws with mu = 2 have the mean {np.mean(z):.3f}"
    assert abs(np.std(z) - 3.0) < 0.1, f"draws with sigma = 3 have the standard deviation {np.std(z):.3f}"


def test_sample_draws_every_element_by_itself(exercise, rng):
    z = np.asarray(exercise.sample(np.zeros((4, 5)), np.ones((4, 5)), rng))
    assert len(np.unique(z)) == 20, "some elements share their noise: every element needs its own"


def test_sample_takes_its_randomness_from_rng(exercise):
    first, again, other = (exercise.sample(np.zeros(5), np.ones(5), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert_allclose(first, again, err_msg="the same state of rng must give the same draw")
    assert not np.allclose(first, other), "another state of rng must give another draw"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_rsample_keeps_shape_and_dtype(exercise, dtype):
    z = exercise.rsample(torch.zeros(2, 3, dtype=dtype), torch.zeros(2, 3, dtype=dtype))
    assert (z.shape, z.dtype) == ((2, 3), dtype), f"mu has shape (2, 3) and {dtype}, z has {tuple(z.shape)} and {z.dtype}"


def test_rsample_has_the_standard_deviation_that_log_var_says(exercise):
    generator = torch.Generator().manual_seed(2014)
    z = exercise.rsample(torch.full((MANY,), 2.0), torch.full((MANY,), 2.0), generator)
    assert abs(z.mean().item() - 2.0) < 0.1, f"draws with mu = 2 have the mean {z.mean().item():.3f}"
    assert abs(z.std().item() - 2.718) < 0.1, f"log_var = 2 means sigma = e = 2.718, the draws have {z.std().item():.3f}"


def test_rsample_draws_every_element_by_itself(exercise):
    z = exercise.rsample(torch.zeros(4, 5, dtype=torch.float64), torch.zeros(4, 5, dtype=torch.float64))
    assert len(torch.unique(z)) == 20, "some elements share their noise: every element needs its own"


def test_rsample_lets_the_gradient_through(exercise):
    mu = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
    log_var = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)
    z = exercise.rsample(mu, log_var)
    assert z.requires_grad, "z has no graph: no gradient can ever reach mu (handout: The two graphs)"
    z.sum().backward()
    assert mu.grad is not None, "no path leads from z back to mu"
    assert_allclose(mu.grad, [1.0, 1.0], err_msg="dz/dmu is wrong; zeros mean that the draw itself had mu inside")
    assert log_var.grad is not None, "no path leads from z back to log_var"
    # z - mu is sigma * epsilon, so this is the local gradient, seen from log_var.
    assert_allclose(log_var.grad, (z - mu).detach() / 2, rtol=1e-7, atol=1e-12, err_msg="dz/dlog_var is wrong")


def test_rsample_takes_its_randomness_from_the_generator(exercise):
    first, again, other = (exercise.rsample(torch.zeros(5), torch.zeros(5), torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again), "the same state of the generator must give the same draw"
    assert not torch.equal(first, other), "another state of the generator must give another draw"
