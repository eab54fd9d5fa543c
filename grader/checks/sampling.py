"""The statistics behind the random checks: is this array a set of independent standard normal draws?

Every sampler is brought to that one question. z ~ N(mu, sigma^2) becomes the scores (z - mu) / sigma, a uniform u becomes the score whose normal CDF
is u. Scores of shape (calls, batch, latent) come from a right sampler exactly when they are independent and N(0, 1).

Every test returns `log_p`: the natural logarithm of a rigorous upper bound, valid for every sample size and not only asymptotically, on the
probability that a right sampler shows something at least as extreme. A check fails when some `log_p` is below `LOG_LEVEL`. A check makes fewer than
100 tests, so that it raises a false alarm with probability below 100 * LEVEL = 1e-9. What the tests see, and from which size of a defect on, is
measured in `benchmarks/power.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, partial

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEVEL = 1e-11
LOG_LEVEL = math.log(LEVEL)


def normal_cdf(scores: Array) -> Array:
    """Standard normal distribution function, by the complementary error function: torch's `ndtr` has no digits left in the lower tail."""
    return 0.5 * _through_torch(torch.special.erfc, -scores / math.sqrt(2.0))


def normal_scores(u: Array) -> Array:
    """The normal scores of uniforms: Phi^-1(u)."""
    return _through_torch(torch.special.ndtri, u)


def _through_torch(function: Callable[[torch.Tensor], torch.Tensor], values: Array) -> Array:
    """SciPy is no dependency of this package; torch has the special functions."""
    return np.asarray(function(torch.from_numpy(np.ascontiguousarray(values, dtype=np.float64).reshape(-1))).numpy()).reshape(np.shape(values))


# --- Distribution -----------------------------------------------------------------------------------------------------------------------


def kolmogorov_distance(scores: Array, cdf: Callable[[Array], Array] = normal_cdf) -> float:
    """The largest gap between the scores' empirical distribution function and `cdf`."""
    expected = cdf(np.sort(scores, axis=None))
    steps = np.arange(expected.size + 1) / expected.size
    return float(max(np.max(steps[1:] - expected), np.max(expected - steps[:-1])))


def kolmogorov_smirnov(scores: Array) -> float:
    """The Kolmogorov-Smirnov test. The bound is Massart's (1990): P(D >= d) <= 2 exp(-2 n d^2) for every n."""
    return min(0.0, math.log(2.0) - 2.0 * scores.size * kolmogorov_distance(scores) ** 2)


def critical_distance(size: int, level: float = LEVEL) -> float:
    """The Kolmogorov distance that a right sampler exceeds with probability below `level`."""
    return math.sqrt(math.log(2.0 / level) / (2.0 * size))


# A Kolmogorov-Smirnov test is weak in the tails and for small changes of shape. There we bet: whoever bets on an alternative density q against
# the normal p multiplies the stake by q(x)/p(x) with every draw x. Against a right sampler that is a fair game, so the stake reaches 1/level with
# probability at most `level`, at whatever moment one looks (Ville's inequality).
BIN_WIDTH = 1.0 / 128.0
FURTHEST = 8.0
# Kept out of every bet, so that one draw outside an alternative's support does not ruin it.
RESERVE = 1e-3


def log_wealth(scores: Array) -> Array:
    """For each of the ALTERNATIVES, the logarithm of what betting on it has made of 1. For further scores it adds up."""
    log_ratios = _log_ratios()
    bins = np.floor(np.clip((scores.reshape(-1) + FURTHEST) / BIN_WIDTH, -1.0, log_ratios.shape[1] - 2.0)).astype(np.intp) + 1
    return np.asarray(log_ratios @ np.bincount(bins, minlength=log_ratios.shape[1]))


def bets(wealth: Array) -> float:
    """The stake spread evenly over all alternatives: the mean of fair games is a fair game."""
    most = float(wealth.max())
    return min(0.0, -most - math.log(float(np.mean(np.exp(wealth - most)))))


def normal_density(x: Array, shift: float = 0.0, scale: float = 1.0) -> Array:
    """Density of N(shift, scale^2)."""
    return np.asarray(np.exp(-0.5 * ((x - shift) / scale) ** 2) / (math.sqrt(2.0 * math.pi) * scale))


def irwin_hall_density(x: Array, terms: int) -> Array:
    """Density of the standardized sum of so many uniforms (Irwin, 1927; Hall, 1927), the classic stand-in for a normal draw with 12 terms."""
    scale = math.sqrt(terms / 12.0)
    # The distance to the nearer end: the alternating sum then has few terms where the density is tiny.
    y = terms / 2.0 - np.abs(x) * scale
    pieces = [(-1) ** k * math.comb(terms, k) * np.maximum(y - k, 0.0) ** (terms - 1) for k in range(terms // 2 + 1)]
    return np.asarray(np.maximum(np.sum(pieces, axis=0), 0.0) * scale / math.factorial(terms - 1))


def student_density(x: Array, freedom: float, scale: float) -> Array:
    """Density of `scale` times Student's t, up to a factor."""
    return np.asarray((1.0 + (x / scale) ** 2 / freedom) ** (-0.5 * (freedom + 1.0)))


def _truncated(lower: float, upper: float) -> Callable[[Array], Array]:
    """Between these limits, and a bin beyond: what is clipped ends exactly there."""
    return lambda x: np.where((x > lower - BIN_WIDTH) & (x < upper + BIN_WIDTH), normal_density(x), 0.0)


def _student(freedom: float, *, unit_variance: bool) -> Callable[[Array], Array]:
    scale = math.sqrt((freedom - 2.0) / freedom) if unit_variance else 1.0
    return lambda x: student_density(x, freedom, scale)


def _scaled(scale: float) -> Callable[[Array], Array]:
    return lambda x: normal_density(x, scale=scale)


def _shifted(shift: float) -> Callable[[Array], Array]:
    return lambda x: normal_density(x, shift=shift)


def _logistic(scale: float) -> Callable[[Array], Array]:
    return lambda x: np.asarray(np.cosh(0.5 * x / scale) ** -2.0)


ALTERNATIVES: Mapping[str, Callable[[Array], Array]] = {
    "sum of 12 uniforms": lambda x: irwin_hall_density(x, 12),
    "sum of 6 uniforms": lambda x: irwin_hall_density(x, 6),
    **{f"truncated at {limit:g}": _truncated(-limit, limit) for limit in (2.0, 2.5, 3.0, 3.1, 3.5)},
    **{f"truncated below at {limit:g}": _truncated(limit, np.inf) for limit in (-3.0, -3.1, -3.3)},
    **{f"truncated above at {limit:g}": _truncated(-np.inf, limit) for limit in (3.0, 3.1, 3.3)},
    **{f"Student t, {freedom} degrees": _student(freedom, unit_variance=False) for freedom in (5, 10, 30)},
    **{f"Student t, {freedom} degrees, unit variance": _student(freedom, unit_variance=True) for freedom in (5, 10, 30)},
    **{f"normal, standard deviation {scale:g}": _scaled(scale) for scale in (0.9, 0.95, 0.97, 1.03, 1.05, 1.1)},
    **{f"normal, mean {shift:g}": _shifted(shift) for shift in (-0.1, -0.03, 0.03, 0.1)},
    "logistic, unit variance": _logistic(math.sqrt(3.0) / math.pi),
    "logistic, matched to the normal CDF": _logistic(1.0 / 1.702),
}
SUM_OF_TWELVE = list(ALTERNATIVES).index("sum of 12 uniforms")
HEAVY_TAILED = [index for index, name in enumerate(ALTERNATIVES) if name.startswith(("Student t", "logistic"))]


@cache
def _log_ratios() -> Array:
    """log(q/p) for each alternative (rows) and each bin (columns; the outermost two take everything beyond)."""
    edges = np.arange(-FURTHEST, FURTHEST + BIN_WIDTH / 2, BIN_WIDTH)
    lower = normal_cdf(edges[edges <= 0.0])
    half = np.concatenate([lower[:1], np.diff(lower)])
    p = np.concatenate([half, half[::-1]])
    middles = np.concatenate([edges[:1] - BIN_WIDTH / 2, edges + BIN_WIDTH / 2])
    rows = []
    for density in ALTERNATIVES.values():
        q = density(middles)
        # A bet is fair when q sums to 1, whatever the accuracy of the density.
        rows.append(np.log((1.0 - RESERVE) * q / q.sum() / p + RESERVE))
    return np.array(rows)


# --- Independence -----------------------------------------------------------------------------------------------------------------------

AXES = ("calls", "batch", "latent")
REPEATED, CORRELATED, EVEN = "repeated", "correlated", "even"
CELLS, LONG = 64, 10
SAME = 1e-11
REPEATED_SHARE = 0.003
FEW_VALUES, FEW_VALUES_SHARE = 100, 0.01
ROUNDING = 1e-9


def repeated_magnitudes(scores: Array) -> float:
    """How many draws repeat an earlier one, up to sign: reused, tiled, permuted, antithetic or rounded noise.

    Each new magnitude hits one of the earlier ones with probability at most n * 2 * SAME * 2 phi(0), whatever the past, so the number of hits is
    below a binomial one, and Chernoff bounds it. A share of hits up to REPEATED_SHARE is let pass: noise drawn in single precision repeats itself
    about that often by right.
    """
    magnitudes = np.sort(np.abs(scores), axis=None)
    hits = int(np.count_nonzero(np.diff(magnitudes) < SAME))
    if hits <= max(2.0, REPEATED_SHARE * scores.size):
        return 0.0
    mean = scores.size**2 * 2.0 * SAME * 2.0 * float(normal_density(np.zeros(()))) + 1e-300
    return min(0.0, hits * (1.0 + math.log(mean / hits)))


def lag_correlation(scores: Array) -> float:
    """The largest circular autocorrelation of the flattened scores, over all lags: correlation between rows, columns, calls and neighbours.

    S = sum x_i x_(i+lag) is a quadratic form of normals with eigenvalues cos(2 pi k lag / n), of squared sum n/2 and maximum 1. Laurent and Massart
    (2000), lemma 1: P(S >= sqrt(2 n t) + 2 t) <= exp(-t). Two signs and n/2 lags multiply it by n.
    """
    flat = scores.reshape(-1)
    size = flat.size
    spectrum = np.fft.rfft(flat)
    sums = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, size)[1 : (size + 1) // 2]
    most = float(np.max(np.abs(sums), initial=0.0))
    root = (math.sqrt(2.0 * size + 8.0 * most) - math.sqrt(2.0 * size)) / 4.0
    return min(0.0, math.log(size) - root**2)


def axis_sums(scores: Array, axis: int) -> float:
    """Sums along an axis, which add up what the draws share: over sqrt(length) they are N(0, 1) again, and their squares add to a chi-square.

    Two-sided.
    """
    sums = scores.sum(axis=axis) / math.sqrt(scores.shape[axis])
    return float(_chi_square(np.array([np.sum(sums**2)]), sums.size)[0])


def axis_energies(scores: Array, axis: int) -> float:
    """Sums of squares along an axis, each a chi-square: a magnitude shared along it makes some too large and some too small.

    Two tests, two-sided both: the smallest and the largest, times their number; and where the sums are long, how much they differ from one another
    (their normal scores' squares add to a chi-square), which noise that is rescaled to a fixed length does too little.
    """
    length = scores.shape[axis]
    energies = np.sum(scores**2, axis=axis).reshape(-1)
    extremes = np.array([energies.min(), energies.max()])
    log_p = float(np.min(_chi_square(extremes, length))) + math.log(energies.size)
    if length >= LONG:
        shares = _through_torch(partial(torch.special.gammainc, torch.tensor(length / 2.0, dtype=torch.float64)), energies / 2.0)
        spread = np.sum(normal_scores(np.clip(shares, 1e-300, 1.0 - 1e-16)) ** 2)
        log_p = min(log_p, float(_chi_square(np.array([spread]), energies.size)[0]))
    return min(0.0, log_p + math.log(2.0))


def _chi_square(values: Array, freedom: int) -> Array:
    """Logarithm of the two-sided tail probability of each value."""
    shape, x = torch.full(values.shape, freedom / 2.0, dtype=torch.float64), torch.from_numpy(values / 2.0)
    tail = torch.minimum(torch.special.gammainc(shape, x), torch.special.gammaincc(shape, x))
    return np.asarray(torch.log(2.0 * tail).clamp(max=0.0).numpy())


def evenness(scores: Array) -> float:
    """Counts in cells of equal probability that differ less than those of independent draws: stratified or quasi-random noise, shuffled grids.

    Given the counts before it, each count is binomial, and no value of a binomial has a probability above (2 e n p q)^(-1/2) (Herzog, 1947). So all
    counts lie within a window with a probability below the product of (values in the window) times that bound.
    """
    size = scores.size
    cells = np.minimum((normal_cdf(scores.reshape(-1)) * CELLS).astype(np.intp), CELLS - 1)
    mean = size / CELLS
    window = float(np.max(np.abs(np.bincount(cells, minlength=CELLS) - mean)))
    filled = np.arange(CELLS - 1)
    left = size - filled * (mean + window)
    share = 1.0 / (CELLS - filled)
    variance = np.maximum(left * share * (1.0 - share), 1e-300)
    return float(np.sum(np.minimum(0.0, np.log(2.0 * window + 1.0) - 0.5 * np.log(2.0 * math.e * variance))))


def independence(scores: Array) -> Mapping[str, float]:
    """Every test of independence on scores of shape (calls, batch, latent); axes that are trivial, or all there is, are left out.

    Returns:
        log_p by the name of what would be wrong.
    """
    tests = {REPEATED: repeated_magnitudes(scores), CORRELATED: lag_correlation(scores), EVEN: evenness(scores)}
    for axis, name in enumerate(AXES):
        if 1 < scores.shape[axis] < scores.size:
            tests[f"shared along {name}"] = axis_sums(scores, axis)
            tests[f"magnitude shared along {name}"] = axis_energies(scores, axis)
    return tests


def dependence(scores: Array) -> tuple[str, ...]:
    """What shows that the scores are not independent, empty for a right sampler.

    The tests suppose N(0, 1). Scores of another distribution may fail them though they are independent, so that what fails is put to them once more
    with each score replaced by the normal quantile of its rank. A right sampler has passed by then: the second look can only acquit.
    """
    if min(independence(scores).values()) >= LOG_LEVEL:
        return ()
    if float(np.ptp(scores)) < ROUNDING:
        return (REPEATED,)
    second = dict(independence(_rank_scores(scores)))
    # Ranks are even by construction.
    second[EVEN] = evenness(scores)
    # Few distinct values are a discrete distribution, a heap at either end is clipping, and neither is reuse. Reuse along an axis shows in the
    # other tests.
    inside = scores[(scores > scores.min() + ROUNDING) & (scores < scores.max() - ROUNDING)]
    discrete = np.unique(scores).size < max(FEW_VALUES, FEW_VALUES_SHARE * scores.size)
    second[REPEATED] = 0.0 if discrete else repeated_magnitudes(inside)
    return tuple(name for name, log_p in second.items() if log_p < LOG_LEVEL)


def _rank_scores(scores: Array) -> Array:
    """Normal quantiles of the ranks; ties are broken by lot."""
    flat = scores.reshape(-1)
    order = np.lexsort((np.random.default_rng(0).random(flat.size), flat))
    ranks = np.empty(flat.size)
    ranks[order] = np.arange(flat.size)
    return normal_scores((ranks + 0.5) / flat.size).reshape(scores.shape)


def shared_axes(scores: Array, tolerance: float = 1e-6) -> frozenset[str]:
    """The axes along which all scores are the same: evidence by equality, no statistics."""
    spreads = {name: np.ptp(scores, axis=axis) for axis, name in enumerate(AXES) if scores.shape[axis] > 1}
    return frozenset(name for name, spread in spreads.items() if float(np.max(spread)) < tolerance)
