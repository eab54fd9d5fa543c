"""The reference of the Gaussian exercises against independent oracles: torch.distributions, torch.autograd, scipy, exact fractions."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose
from scipy import stats
from solution_modules import load

sampler, backward, kl, encoder = (load(name) for name in ("sampler", "backward", "kl", "encoder"))

SHAPES = hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4)
FINITE = st.floats(-1e3, 1e3)
EXTREME_SIGMA = [1e-8, 1e-3, 1.0, 1e3, 1e8]


def fill(seed, *shapes, positive=False):
    rng = np.random.default_rng(seed)
    arrays = [np.exp(rng.standard_normal(shape)) if positive else rng.standard_normal(shape) for shape in shapes]
    return arrays if len(shapes) > 1 else arrays[0]


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


@given(shapes=SHAPES, seed=st.integers(0, 2**32 - 1))
def test_reparameterize_and_its_backward_agree_with_autograd_in_all_shapes(shapes, seed):
    (mu, epsilon), sigma = fill(seed, shapes.input_shapes[0], shapes.input_shapes[2]), fill(seed + 1, shapes.input_shapes[1], positive=True)
    z = sampler.reparameterize(mu, sigma, epsilon)
    torch_mu, torch_sigma = leaf(mu), leaf(sigma)
    torch_z = torch_mu + torch_sigma * torch.tensor(epsilon)
    assert np.shape(z) == shapes.result_shape
    assert_allclose(z, torch_z.detach(), rtol=1e-14)
    grad_z = np.asarray(fill(seed + 2, shapes.result_shape))
    expected = torch.autograd.grad(torch_z, (torch_mu, torch_sigma), torch.tensor(grad_z))
    for gradient, wanted, like in zip(backward.reparameterize_backward(grad_z, mu, sigma, epsilon), expected, (mu, sigma), strict=True):
        assert np.shape(gradient) == np.shape(like)
        assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-12)


def test_scalars_of_numpy_are_taken_as_they_are():
    one, two = np.float64(1.0), np.float64(2.0)
    assert sampler.reparameterize(one, two, two) == 5.0
    assert [float(value) for value in backward.reparameterize_backward(two, one, two, np.float64(3.0))] == [2.0, 6.0]
    assert np.shape(kl.kl_divergence(one, two)) == ()


@pytest.mark.parametrize("sigma", EXTREME_SIGMA)
def test_extreme_standard_deviations_keep_their_digits(sigma):
    mu, epsilon = np.float64(0.0), np.float64(1.25)
    assert_allclose(sampler.reparameterize(mu, np.float64(sigma), epsilon), 1.25 * sigma, rtol=1e-15)
    assert_allclose(backward.reparameterize_backward(np.float64(2.0), mu, np.float64(sigma), epsilon)[1], 2.5, rtol=1e-15)
    expected = torch.distributions.kl_divergence(torch.distributions.Normal(leaf(0.0), leaf(sigma)), torch.distributions.Normal(0.0, 1.0)).item()
    assert_allclose(kl.kl_divergence(mu, np.float64(sigma)), expected, rtol=1e-12, atol=1e-12)
    assert_allclose(kl.kl_gradient(mu, np.float64(sigma))[1], sigma - 1 / sigma, rtol=1e-15)


@pytest.mark.parametrize("shape_pair", [((20_000, 2), (2,)), ((2,), (20_000, 1)), ((20_000, 1), (1, 2))])
def test_sample_is_gaussian_and_independent_along_both_axes(shape_pair):
    mu, sigma = np.full(shape_pair[0], 2.0), np.full(shape_pair[1], 3.0)
    z = sampler.sample(mu, sigma, np.random.default_rng(1))
    assert z.shape == (20_000, 2)
    assert stats.kstest(z.ravel(), stats.norm(2.0, 3.0).cdf).pvalue > 1e-6
    assert abs(np.corrcoef(z.T)[0, 1]) < 5 / np.sqrt(20_000)
    assert len(np.unique(z)) == z.size


def test_sample_is_reproducible_goes_on_from_call_to_call_and_leaves_global_states_alone():
    mu, sigma = np.zeros(4), np.ones(4)
    numpy_before, torch_before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002  # the global state is what is watched
    rng = np.random.default_rng(3)
    first, second = sampler.sample(mu, sigma, rng), sampler.sample(mu, sigma, rng)
    assert not np.any(first == second)
    assert np.array_equal(first, sampler.sample(mu, sigma, np.random.default_rng(3)))
    sampler.rsample(torch.zeros(3), torch.zeros(3), torch.Generator().manual_seed(1))
    assert np.array_equal(numpy_before, np.random.get_state()[1])  # noqa: NPY002  # the global state is what is watched
    assert torch.equal(torch_before, torch.get_rng_state())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(), (1,), (3, 1, 2)])
def test_rsample_keeps_dtype_and_shape_and_has_the_pathwise_gradient(dtype, shape):
    generator = torch.Generator().manual_seed(7)
    mu = torch.randn(shape, dtype=dtype, generator=generator).requires_grad_()
    log_var = torch.randn(shape, dtype=dtype, generator=generator).requires_grad_()
    z = sampler.rsample(mu, log_var, generator)
    assert (z.shape, z.dtype) == (mu.shape, dtype)
    cotangent = torch.randn(shape, dtype=dtype, generator=generator)
    grad_mu, grad_log_var = torch.autograd.grad(z, (mu, log_var), cotangent)
    assert torch.equal(grad_mu, cotangent)
    torch.testing.assert_close(grad_log_var, cotangent * (z - mu).detach() / 2)


@pytest.mark.parametrize("log_var", [-30.0, 0.0, 2.0, 30.0])
def test_rsample_is_gaussian_for_extreme_log_var(log_var):
    z = sampler.rsample(
        torch.zeros(20_000, dtype=torch.float64), torch.full((20_000,), log_var, dtype=torch.float64), torch.Generator().manual_seed(5)
    )
    assert stats.kstest(z.numpy(), stats.norm(0.0, np.exp(log_var / 2)).cdf).pvalue > 1e-6


def test_reparameterize_class_passes_gradcheck_and_gives_the_noise_none():
    mu, sigma, epsilon = leaf([[0.5, -1.0]]), leaf([[0.8, 2.0]]), leaf([[1.2, -0.3]])
    assert torch.autograd.gradcheck(backward.Reparameterize.apply, (mu, sigma, epsilon.detach()))
    z = backward.Reparameterize.apply(mu, sigma, epsilon)
    assert torch.autograd.grad(z.sum(), epsilon, allow_unused=True) == (None,)
    assert backward.Reparameterize.apply(mu.float(), sigma.float(), epsilon.float()).dtype == torch.float32


@given(shape=hnp.array_shapes(min_dims=0, max_dims=3, max_side=4), seed=st.integers(0, 2**32 - 1))
def test_the_kl_term_and_its_gradients_agree_with_torch(shape, seed):
    mu, sigma = np.asarray(fill(seed, shape)), np.asarray(fill(seed + 1, shape, positive=True))
    log_var = 2 * np.log(sigma)
    torch_mu, torch_sigma, torch_log_var = leaf(mu), leaf(sigma), leaf(log_var)

    def divergence(scale):
        return torch.distributions.kl_divergence(torch.distributions.Normal(torch_mu, scale), torch.distributions.Normal(0.0, 1.0))

    expected = divergence(torch_sigma)
    summed = expected.sum(-1) if shape else expected
    assert np.shape(kl.kl_divergence(mu, sigma)) == tuple(summed.shape)
    assert_allclose(kl.kl_divergence(mu, sigma), summed.detach(), rtol=1e-10, atol=1e-12)
    for actual, wanted in zip(kl.kl_gradient(mu, sigma), torch.autograd.grad(expected.sum(), (torch_mu, torch_sigma)), strict=True):
        assert_allclose(actual, wanted, rtol=1e-10, atol=1e-12)
    by_log_var = torch.autograd.grad(divergence(torch.exp(torch_log_var / 2)).sum(), (torch_mu, torch_log_var))
    for actual, wanted in zip(kl.kl_gradient_log_var(mu, log_var), by_log_var, strict=True):
        assert_allclose(actual, wanted, rtol=1e-10, atol=1e-12)
    grad_z, epsilon, beta = np.asarray(fill(seed + 2, shape)), np.asarray(fill(seed + 3, shape)), 0.7
    z = torch_mu + torch_sigma * torch.tensor(epsilon)
    total = (torch.tensor(grad_z) * z).sum() + beta * divergence(torch_sigma).sum()
    wanted_total = torch.autograd.grad(total, (torch_mu, torch_sigma))
    for actual, wanted in zip(kl.total_gradient(grad_z, mu, sigma, epsilon, beta), wanted_total, strict=True):
        assert_allclose(actual, wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("log_var", [-30.0, -1e-12, 0.0, 1e-12, 30.0])
def test_the_gradient_by_log_var_keeps_its_digits(log_var):
    # exp(x) - 1 = x + x^2/2 + ... : for |x| = 1e-12 the first term alone has 12 right digits.
    expected = log_var / 2 if abs(log_var) < 1e-6 else (np.exp(log_var) - 1) / 2
    assert_allclose(kl.kl_gradient_log_var(np.float64(0.0), np.float64(log_var))[1], expected, rtol=1e-11)


def test_a_gradient_shares_no_memory_with_an_argument():
    mu, sigma = np.ones(3), np.ones(3)
    assert not np.shares_memory(kl.kl_gradient(mu, sigma)[0], mu)
    assert not np.shares_memory(kl.kl_gradient_log_var(mu, sigma)[0], mu)
    assert not np.shares_memory(backward.reparameterize_backward(mu, sigma, sigma, sigma)[0], mu)


@given(sizes=st.tuples(*[st.integers(1, 5)] * 3), seed=st.integers(0, 2**32 - 1), beta=st.floats(0, 4))
def test_encoder_backward_agrees_with_autograd(sizes, seed, beta):
    batch, features, latent = sizes
    x, epsilon, grad_z = fill(seed, (batch, features), (batch, latent), (batch, latent))
    w_mu, w_log_var = fill(seed + 1, (features, latent), (features, latent))
    torch_mu, torch_log_var = leaf(w_mu), leaf(w_log_var)
    mu, sigma = torch.tensor(x) @ torch_mu, torch.exp(torch.tensor(x) @ torch_log_var / 2)
    term = torch.distributions.kl_divergence(torch.distributions.Normal(mu, sigma), torch.distributions.Normal(0.0, 1.0)).sum()
    total = (torch.tensor(grad_z) * (mu + sigma * torch.tensor(epsilon))).sum() + beta * term
    expected = torch.autograd.grad(total, (torch_mu, torch_log_var))
    for actual, wanted in zip(encoder.encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta), expected, strict=True):
        assert actual.shape == (features, latent)
        assert_allclose(actual, wanted, rtol=1e-8, atol=1e-9)
