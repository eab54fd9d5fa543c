"""The reference of the inverse-CDF and implicit exercises against independent oracles: scipy, exact decimals, torch.autograd."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from solution_modules import load

inverse_cdf, implicit = load("inverse_cdf"), load("implicit")

TAIL = np.logspace(-12, -3, 40)
U = np.concatenate([TAIL, np.linspace(0.001, 0.999, 41), 1 - TAIL])


def exact_exponential(u, rate):
    return -(1 - u).ln() / rate


def exact_logistic(u, loc, scale):
    return loc + scale * (u / (1 - u)).ln()


def exact_laplace(u, loc, scale):
    return loc + scale * (2 * u).ln() if u < Decimal("0.5") else loc - scale * (2 * (1 - u)).ln()


def exact_kumaraswamy(u, a, b):
    return (1 - (1 - u) ** (1 / b)) ** (1 / a)


EXACT = [
    ("exponential_icdf", exact_exponential, [(1.0,), (1e-8,), (1e8,), (2.5,)]),
    ("logistic_icdf", exact_logistic, [(0.0, 1.0), (0.0, 1e-8), (0.0, 1e8)]),
    ("laplace_icdf", exact_laplace, [(0.0, 1.0), (0.0, 1e-8), (0.0, 1e8)]),
    ("kumaraswamy_icdf", exact_kumaraswamy, [(1.0, 1.0), (2.0, 3.0), (0.5, 0.25), (0.1, 10.0), (30.0, 0.05), (3.0, 200.0)]),
]


@pytest.mark.parametrize(("name", "exact", "params"), [(name, exact, params) for name, exact, choices in EXACT for params in choices])
def test_inverse_cdfs_are_exact_to_twelve_digits_in_both_tails(name, exact, params):
    with localcontext() as context:
        context.prec = 60
        expected = [float(exact(Decimal(float(u)), *(Decimal(value) for value in params))) for u in U]
    actual = getattr(inverse_cdf, name)(U, *(np.float64(value) for value in params))
    assert_allclose(actual, expected, rtol=1e-12, atol=0 if name in ("exponential_icdf", "kumaraswamy_icdf") else 1e-15 * params[-1])


SCIPY = [
    ("exponential_icdf", lambda rate: stats.expon(scale=1 / rate)),
    ("logistic_icdf", stats.logistic),
    ("laplace_icdf", stats.laplace),
]


@pytest.mark.parametrize(("name", "distribution"), SCIPY)
@given(seed=st.integers(0, 2**32 - 1))
def test_inverse_cdfs_agree_with_scipy_and_broadcast(name, distribution, seed):
    rng = np.random.default_rng(seed)
    u, location, scale = rng.uniform(0.001, 0.999, (3, 1)), rng.standard_normal(4), np.exp(rng.standard_normal((2, 1, 1)))
    params = (scale,) if name == "exponential_icdf" else (location, scale)
    actual = getattr(inverse_cdf, name)(u, *params)
    assert actual.shape == np.broadcast_shapes(u.shape, *(param.shape for param in params))
    assert_allclose(actual, distribution(*params).ppf(u), rtol=1e-9, atol=1e-12)


class Beginning:
    """A stand-in that watches which u an icdf is given."""

    def __init__(self):
        self.u = None

    def __call__(self, u):
        self.u = u
        return np.log(u) + np.log1p(-u)  # infinite at both ends


@pytest.mark.parametrize("zeros", [0, 1, 300])
def test_samples_are_finite_whatever_the_generator_begins_with(zeros):
    bits = np.random.MT19937(11)
    state = bits.state
    state["state"]["key"][: 2 * zeros] = 0
    state["state"]["pos"] = 0
    bits.state = state
    icdf = Beginning()
    assert np.all(np.isfinite(inverse_cdf.sample_inverse_cdf(icdf, (), (100,), np.random.Generator(bits))))
    assert np.all((icdf.u > 0) & (icdf.u < 1))


def test_the_ends_of_the_range_of_u_are_finite_too():
    for u in (2.0**-53, 1 - 2.0**-53):
        for name, params in [
            ("exponential_icdf", (1.0,)),
            ("logistic_icdf", (0.0, 1.0)),
            ("laplace_icdf", (0.0, 1.0)),
            ("kumaraswamy_icdf", (2.0, 3.0)),
        ]:
            assert np.isfinite(getattr(inverse_cdf, name)(np.float64(u), *params))


@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3, 4)])
def test_sample_inverse_cdf_has_the_shape_and_is_reproducible(shape):
    params = (0.5, np.full(shape, 2.0))
    first, again = (inverse_cdf.sample_inverse_cdf(inverse_cdf.laplace_icdf, params, shape, np.random.default_rng(9)) for _ in range(2))
    assert np.shape(first) == shape
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    ("name", "params", "distribution"),
    [
        ("exponential_icdf", (2.5,), stats.expon(scale=0.4)),
        ("logistic_icdf", (-1.0, 2.0), stats.logistic(-1.0, 2.0)),
        ("laplace_icdf", (-1.0, 2.0), stats.laplace(-1.0, 2.0)),
    ],
)
def test_samples_follow_their_distribution(name, params, distribution):
    z = inverse_cdf.sample_inverse_cdf(getattr(inverse_cdf, name), params, (20_000, 2), np.random.default_rng(4))
    assert stats.kstest(z.ravel(), distribution.cdf).pvalue > 1e-6
    assert abs(np.corrcoef(z.T)[0, 1]) < 5 / np.sqrt(20_000)


@given(seed=st.integers(0, 2**32 - 1), shapes=st.sampled_from([((3, 4), (4,), (3, 1)), ((2, 1), (3,), ()), ((), (2,), (2, 2)), ((), (), ())]))
def test_pathwise_gradients_agree_with_autograd(seed, shapes):
    rng = np.random.default_rng(seed)
    u = np.asarray(rng.uniform(1e-6, 1 - 1e-6, shapes[0]))
    loc, scale = np.asarray(rng.standard_normal(shapes[1])), np.asarray(np.exp(rng.standard_normal(shapes[2])))
    torch_u, torch_loc, torch_scale = torch.tensor(u), torch.tensor(loc, requires_grad=True), torch.tensor(scale, requires_grad=True)
    z = torch_loc + torch_scale * torch.logit(torch_u)
    grad_z = np.asarray(rng.standard_normal(tuple(z.shape)))
    expected = torch.autograd.grad(z, (torch_loc, torch_scale), torch.tensor(grad_z))
    for actual, wanted in zip(inverse_cdf.logistic_icdf_backward(grad_z, u, loc, scale), expected, strict=True):
        assert np.shape(actual) == tuple(wanted.shape)
        assert_allclose(actual, wanted, rtol=1e-9, atol=1e-12)
    z = -torch.log1p(-torch_u) / torch_scale
    grad_z = np.asarray(rng.standard_normal(tuple(z.shape)))
    (wanted,) = torch.autograd.grad(z, torch_scale, torch.tensor(grad_z))
    actual = inverse_cdf.exponential_icdf_backward(grad_z, u, scale)
    assert np.shape(actual) == np.shape(scale)
    assert_allclose(actual, wanted, rtol=1e-9, atol=1e-12)


STEPS = [1e-3, 1e-4, 1e-5, 1e-6]


@pytest.mark.parametrize("step", STEPS)
def test_implicit_gradients_agree_with_the_explicit_ones(step):
    z = np.linspace(-3, 4, 9)
    grad_mu, grad_sigma = implicit.implicit_gradient(z, stats.norm.cdf, stats.norm.pdf, (0.5, 2.0), step)
    assert_allclose(grad_mu, np.ones(9), rtol=1e-4)
    assert_allclose(grad_sigma, (z - 0.5) / 2.0, rtol=1e-4)


@pytest.mark.parametrize("step", STEPS)
def test_implicit_gradients_of_the_gamma_distribution_agree_with_torch(step):
    concentration = np.array([0.8, 1.5, 4.0])
    torch_concentration = torch.tensor(concentration, requires_grad=True)
    torch.manual_seed(8)
    z = torch.distributions.Gamma(torch_concentration, torch.ones(3, dtype=torch.float64)).rsample()
    (expected,) = torch.autograd.grad(z.sum(), torch_concentration)
    (actual,) = implicit.implicit_gradient(z.detach().numpy(), stats.gamma.cdf, stats.gamma.pdf, (concentration,), step)
    assert_allclose(actual, expected, rtol=1e-4)


def test_implicit_gradients_take_scalars_and_arrays_that_broadcast_and_leave_them_alone():
    z, loc = np.full((2, 3), 0.7), np.array([0.0, 0.5, 1.0])
    params = [loc, np.float64(2.0)]
    gradients = implicit.implicit_gradient(z, stats.logistic.cdf, stats.logistic.pdf, params)
    assert [gradient.shape for gradient in gradients] == [(2, 3), (2, 3)]
    assert_allclose(gradients[1], (z - loc) / 2.0, rtol=1e-4)
    assert loc.tolist() == [0.0, 0.5, 1.0]
    assert np.shape(implicit.implicit_gradient(np.float64(0.7), stats.logistic.cdf, stats.logistic.pdf, (0.0, 2.0))[0]) == ()
