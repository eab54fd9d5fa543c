"""The statistics of the random checks: bounds that hold, known values, and defects they must see."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count

import numpy as np
import pytest
from scipy import stats

from grader.checks import sampling
from grader.checks.draws import DEEP, WIDE, distribution_defect, noise_kinds, rounded
from grader.checks.misconceptions.sampler import NOISES

Array = sampling.Array
SMALL = (3, 20, 15)
ONE_NUMBER: dict[str, Callable[[Array], float]] = {
    "kolmogorov_smirnov": sampling.kolmogorov_smirnov,
    "bets": lambda scores: sampling.bets(sampling.log_wealth(scores)),
    "repeated_magnitudes": sampling.repeated_magnitudes,
    "lag_correlation": sampling.lag_correlation,
    "evenness": sampling.evenness,
    **{f"axis_sums {axis}": lambda scores, axis=axis: sampling.axis_sums(scores, axis) for axis in range(3)},
    **{f"axis_energies {axis}": lambda scores, axis=axis: sampling.axis_energies(scores, axis) for axis in range(3)},
}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng([20260101, seed])


@pytest.mark.parametrize("name", ONE_NUMBER)
def test_a_bound_falls_below_a_level_no_more_often_than_the_level_says(name: str) -> None:
    """400 right samplers; with a valid bound more than 67 below 0.1, or 15 below 0.01, come up less often than once in 10^5 times."""
    found = np.array([ONE_NUMBER[name](rng(seed).standard_normal(SMALL)) for seed in range(400)])
    assert np.all(found <= 0.0)
    assert np.count_nonzero(found < math.log(0.1)) <= 67
    assert np.count_nonzero(found < math.log(0.01)) <= 15


@pytest.mark.parametrize("shape", [WIDE, DEEP, (1, 1500, 1), (1, 40, 30), (8, 15, 20)])
def test_a_right_sampler_passes_every_test(shape: tuple[int, int, int]) -> None:
    for seed in range(20):
        scores = rng(seed).standard_normal(shape)
        assert sampling.dependence(scores) == ()
        assert sampling.kolmogorov_smirnov(scores) > sampling.LOG_LEVEL


def test_single_precision_noise_is_accepted() -> None:
    scores = rng().standard_normal(DEEP, dtype=np.float32).astype(np.float64)
    assert sampling.dependence(scores) == ()
    assert sampling.kolmogorov_smirnov(scores) > sampling.LOG_LEVEL


def test_the_normal_distribution_function_and_its_inverse_agree_with_scipy() -> None:
    x = np.linspace(-8.0, 8.0, 401)
    np.testing.assert_allclose(sampling.normal_cdf(x), stats.norm.cdf(x), rtol=1e-12)
    u = np.concatenate([np.geomspace(1e-12, 0.5, 100), 1 - np.geomspace(1e-12, 0.5, 100)])
    np.testing.assert_allclose(sampling.normal_scores(u), stats.norm.ppf(u), rtol=1e-9, atol=1e-12)


def test_the_kolmogorov_distance_agrees_with_scipy() -> None:
    scores = rng().standard_normal(500)
    assert sampling.kolmogorov_distance(scores) == pytest.approx(stats.kstest(scores, "norm").statistic, rel=1e-12)


@pytest.mark.parametrize("freedom", [3, 5, 9])
def test_the_chi_square_tail_agrees_with_scipy(freedom: int) -> None:
    for value in (0.01 * freedom, 1.0 * freedom, 6.0 * freedom):
        tail = 2.0 * min(stats.chi2.cdf(value, freedom), stats.chi2.sf(value, freedom))
        draws = np.full((1, freedom, 1), math.sqrt(value / freedom))
        assert sampling.axis_energies(draws, 1) == pytest.approx(min(0.0, math.log(2.0 * tail)), abs=1e-9)


def test_every_alternative_is_a_fair_bet() -> None:
    """What a bet pays on average under the normal distribution is 1, whatever the accuracy of the alternative's density."""
    edges = np.arange(-sampling.FURTHEST, sampling.FURTHEST + sampling.BIN_WIDTH / 2, sampling.BIN_WIDTH)
    p = np.diff(np.concatenate([[0.0], stats.norm.cdf(edges[edges <= 0.0])]))
    p = np.concatenate([p, p[::-1]])
    middles = np.concatenate([edges[:1] - sampling.BIN_WIDTH / 2, edges + sampling.BIN_WIDTH / 2])
    paid = np.array([np.exp(sampling.log_wealth(np.array([middle]))) for middle in middles])
    np.testing.assert_allclose(p @ paid, np.ones(len(sampling.ALTERNATIVES)), rtol=1e-9)


@pytest.mark.parametrize("terms", [6, 12])
def test_the_density_of_a_sum_of_uniforms_is_right(terms: int) -> None:
    x = np.linspace(-math.sqrt(3.0 * terms), math.sqrt(3.0 * terms), 20001)
    density = sampling.irwin_hall_density(x, terms)
    assert np.trapezoid(density, x) == pytest.approx(1.0, abs=1e-6)
    assert np.trapezoid(density * x**2, x) == pytest.approx(1.0, abs=1e-5)
    assert np.trapezoid(density * x**4, x) == pytest.approx(3.0 - 1.2 / terms, abs=1e-4)


@pytest.mark.parametrize("index", range(len(NOISES)))
def test_a_family_of_noise_has_median_zero_and_quartiles_one_apart(index: int) -> None:
    _, cdf = NOISES[index]
    x = np.linspace(-3.0, 3.0, 600001)
    u = cdf(x)
    lower, middle, upper = (float(x[np.searchsorted(u, share)]) for share in (0.25, 0.5, 0.75))
    assert middle == pytest.approx(0.0, abs=1e-4)
    assert upper - lower == pytest.approx(1.0, abs=1e-4)


def test_the_sum_of_twelve_uniforms_is_seen_and_a_right_sampler_is_not_kept_waiting() -> None:
    for seed in range(5):
        source = rng(seed)

        def sums(_: object = None, source: np.random.Generator = source) -> Array:
            return source.random((12, *WIDE)).sum(axis=0) - 6.0

        assert distribution_defect([sums(), sums()], sums) is not None
    lengths = []
    for seed in range(20):
        source, counter = rng(seed), count()

        def right(_: object = None, source: np.random.Generator = source, counter: count[int] = counter) -> Array:
            next(counter)
            return source.standard_normal(WIDE)

        assert distribution_defect([right(), right()], right) is None
        lengths.append(next(counter) - 2)
    assert np.mean(lengths) < 3


@pytest.mark.parametrize(
    ("make", "evidence"),
    [
        (lambda r: np.broadcast_to(r.standard_normal((3, 1, 90)), DEEP), "shared along batch"),
        (lambda r: np.broadcast_to(r.standard_normal((3, 120, 1)), DEEP), "shared along latent"),
        (lambda r: np.broadcast_to(r.standard_normal((1, 120, 90)), DEEP), "shared along calls"),
        (lambda r: np.sqrt(0.97) * r.standard_normal(DEEP) + np.sqrt(0.03) * r.standard_normal((3, 1, 90)), "shared along batch"),
        (lambda r: np.sqrt(2 * r.exponential(size=(3, 1, 90))) * np.cos(r.uniform(0, 2 * np.pi, DEEP)), "magnitude shared along batch"),
        (lambda r: np.round(r.standard_normal(DEEP), 3), sampling.REPEATED),
        (lambda r: r.standard_normal((3, 60, 90)).repeat(2, axis=1) * np.tile([[1.0], [-1.0]], (60, 1)), sampling.REPEATED),
        (lambda r: np.convolve(r.standard_normal(32401), [0.8, 0.6], "valid").reshape(DEEP), sampling.CORRELATED),
        (lambda r: sampling.normal_scores((r.permutation(32400) + r.random(32400)) / 32400).reshape(DEEP), sampling.EVEN),
        (lambda r: np.zeros(DEEP), sampling.REPEATED),
        (lambda r: (e := r.standard_normal(DEEP)) / np.sqrt(np.mean(e**2, axis=2, keepdims=True)), "magnitude shared along latent"),
    ],
)
def test_dependence_is_seen(make: Callable[[np.random.Generator], Array], evidence: str) -> None:
    assert evidence in sampling.dependence(np.array(make(rng())))


@pytest.mark.parametrize(
    "make",
    [
        lambda r: r.laplace(size=DEEP),
        lambda r: r.choice([-1.0, 1.0], size=DEEP),
        lambda r: r.exponential(size=DEEP),
        lambda r: 0.3 * r.standard_normal(DEEP) + 4.0,
        lambda r: r.standard_cauchy(DEEP),
        lambda r: np.clip(r.standard_normal(DEEP), -2, 2),
        lambda r: r.random(DEEP),
    ],
)
def test_independent_draws_of_another_distribution_are_not_called_dependent(make: Callable[[np.random.Generator], Array]) -> None:
    for seed in range(5):
        assert sampling.dependence(make(rng(seed))) == ()


def test_shared_axes_are_told_by_equality() -> None:
    row = np.broadcast_to(rng().standard_normal((3, 1, 90)), DEEP)
    assert sampling.shared_axes(row) == {"batch"}
    assert sampling.shared_axes(np.zeros(DEEP)) == {"calls", "batch", "latent"}
    assert sampling.shared_axes(rng().standard_normal(DEEP)) == frozenset()


def named(make: Callable[[np.random.Generator], Array]) -> set[str]:
    sets = [make(rng(seed)) for seed in (1, 2)]
    return noise_kinds(sets, np.sum([sampling.log_wealth(scores) for scores in sets], axis=0))


@pytest.mark.parametrize("terms", [2, 3, 4])
def test_a_sum_of_a_few_uniforms_is_named_in_any_scale_and_nothing_else_is_taken_for_it(terms: int) -> None:
    assert named(lambda source: source.random((terms, *WIDE)).sum(axis=0)) == {"sum-of-uniforms-noise"}
    assert named(lambda source: (source.random((terms, *WIDE)).sum(axis=0) - terms / 2) * math.sqrt(12.0 / terms)) == {"sum-of-uniforms-noise"}
    assert named(lambda source: source.random(WIDE)) == {"uniform-noise"}
    assert named(lambda source: np.clip(source.standard_normal(WIDE), -3.0, 3.0)) == {"truncated-noise"}


@pytest.mark.parametrize("angle", [np.cos, np.sin])
def test_noise_of_other_families_is_named(angle: Callable[[Array], Array]) -> None:
    def of_one_uniform(source: np.random.Generator) -> Array:
        u = 1.0 - source.random(WIDE)
        return np.asarray(np.sqrt(-2.0 * np.log(u)) * angle(2.0 * np.pi * u))

    assert named(of_one_uniform) == {"noise-of-one-uniform"}
    assert named(lambda source: source.gumbel(size=WIDE)) == {"gumbel-noise"}


def test_half_precision_is_told_from_rounding_and_from_a_list_of_values() -> None:
    noise = rng(3).standard_normal(DEEP)
    assert rounded(noise.astype(np.float16).astype(np.float64)) == "half-precision"
    assert rounded(noise.astype(np.float32).astype(np.float64)) is None
    assert rounded(np.round(noise, 2)) == "rounded"
    assert rounded(np.floor(rng(3).random(DEEP) * 256.0) / 256.0) is None
    assert named(lambda source: noise.reshape(-1)[:100][source.integers(100, size=WIDE)]) == {"few-valued-noise"}
