"""What `sample_inverse_cdf` is asked for, and what is demanded of it.

The identity as inverse CDF shows the uniforms themselves; the other probes are undone by their CDFs. Scores are the uniforms' normal quantiles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import numpy as np

from grader.checks import draws
from grader.checks.answers import Array, as_array
from grader.checks.compare import GLOBAL_SEED, fail, observations
from grader.checks.draws import (
    CONSISTENT,
    DEEP,
    WATCHED,
    WIDE,
    Draws,
    Notebook,
    as_axes,
    consistent,
    distribution_defect,
    failed,
    notebook,
    sharing,
    stacked,
)
from grader.checks.sampling import LOG_LEVEL, critical_distance, dependence, kolmogorov_smirnov, normal_scores
from grader.observation import Call, CheckFailed, Observation, Probe, Rng, Student, StudentFault

FUNCTION = "sample_inverse_cdf"
Shape = tuple[int, ...]
# What turns a probe's draws back into uniforms.
CDFS: Mapping[str, Callable[..., Any]] = {
    "identity_icdf": lambda z: z,
    "gumbel_icdf": lambda z, loc, scale: np.exp(-np.exp(-(z - loc) / scale)),
    "cauchy_icdf": lambda z, loc, scale: 0.5 + np.arctan((z - loc) / scale) / np.pi,
    "weibull_icdf": lambda z, scale, shape: -np.expm1(-((z / scale) ** shape)),
}
# Name of a plan: number of calls, probe, parameters, shape of the result.
PLANS: Mapping[str, tuple[int, str, tuple[Any, ...], Shape]] = {
    "wide": (1, "identity_icdf", (), WIDE[1:]),
    "deep": (DEEP[0], "identity_icdf", (), DEEP[1:]),
    "again": (1, "identity_icdf", (), DEEP[1:]),
    "single numbers": (200, "identity_icdf", (), ()),
    "vector": (1, "identity_icdf", (), (1500,)),
    "cube": (1, "identity_icdf", (), (8, 15, 20)),
    # Uniforms that are stratified over the elements of a call betray themselves where these are few.
    "pairs": (320, "identity_icdf", (), (2,)),
    "scalars of a vector": (1, "weibull_icdf", (1.3, 0.8), (1500,)),
    "column in a cube": (1, "cauchy_icdf", (np.linspace(-2.0, 2.0, 15)[:, None], 0.7), (8, 15, 20)),
    "row and column": (1, "gumbel_icdf", (np.linspace(-3.0, 3.0, 90), np.linspace(0.5, 2.0, 120)[:, None]), (120, 90)),
    "scalars": (1, "gumbel_icdf", (0.4, 1.7), (120, 90)),
}
OTHERS = ("row and column", "scalars", "column in a cube", "scalars of a vector")
SHAPES: tuple[tuple[Shape, tuple[Shape, Shape]], ...] = (
    ((3, 4), ((3, 4), (3, 4))),
    ((3, 4), ((), ())),
    ((5,), ((5,), ())),
    ((), ((), ())),
    ((2, 3, 4), ((3, 1), (4,))),
    ((1, 4), ((4,), ())),
    ((3, 1), ((3, 1), (1,))),
    ((3, 4), ((), (4,))),
)
# Generators that are legal though rare: their first outputs are 0.
ZEROS: tuple[tuple[Literal["PCG64", "MT19937"], int], ...] = (("PCG64", 1), ("MT19937", 1), ("MT19937", 40))
HARMLESS_SHAPE = (20, 15)
INFINITE_AT_AN_END = ("gumbel_icdf", "weibull_icdf")
# No floating-point u in (0, 1), not the smallest and not the largest, takes these two beyond 50.
FURTHEST = 1000.0
# No draw is that large by itself.
INSTEAD_OF_INFINITY = 1e100
# Beyond the reach of chance; a zero that a right sampler handed on to the identity does no harm there.
INSIDE = 1e-12


class SampleInverseCdf:
    """How `sample_inverse_cdf` is asked."""

    function = FUNCTION
    usual = (*((plan, 0) for plan in PLANS), ("again", 1))

    def request(self, plan: str, seed: int) -> Call:
        """See `draws.Sampler.request`."""
        calls, probe, params, shape = PLANS[plan]
        return Call((Probe(probe), params, shape, Rng(seed)), repeat=calls, afterwards=plan in WATCHED, seed=GLOBAL_SEED)

    def read(self, plan: str, seed: int, observation: Observation) -> Draws:  # noqa: ARG002  # the protocol's signature
        """See `draws.Sampler.read`."""
        _, probe, params, shape = PLANS[plan]
        values = stacked(FUNCTION, observation, shape)
        with np.errstate(all="ignore"):
            uniforms = np.asarray(CDFS[probe](values, *params))
        axes = as_axes(values.shape)
        scores = normal_scores(np.clip(np.nan_to_num(uniforms, nan=0.0), INSIDE, 1.0 - INSIDE))
        return Draws(values.reshape(axes), scores.reshape(axes), observation.touched)


SAMPLE_INVERSE_CDF = SampleInverseCdf()


def book_of(student: Student, rng: np.random.Generator) -> Notebook:
    """The submission's draws of `sample_inverse_cdf`."""
    return notebook(student, SAMPLE_INVERSE_CDF, rng)


def demand_shapes(student: Student, rng: np.random.Generator) -> None:
    """The result has the shape that was asked for, whatever the parameters' shapes. Raises `CheckFailed` and `StudentFault`, as all that follow."""
    requests = []
    for index, (shape, (loc, scale)) in enumerate(SHAPES):
        params = tuple(float(rng.uniform(0.5, 2.0)) if part == () else rng.uniform(0.5, 2.0, part) for part in (loc, scale))
        recipe = Rng(int(rng.integers(2**31)), "MT19937" if index % 2 else "PCG64")
        requests.append(Call((Probe("gumbel_icdf"), params, shape, recipe)))
    for (shape, _), observation in zip(SHAPES, observations(student, FUNCTION, requests), strict=True):
        value = observation.value
        if value is None:
            fail(FUNCTION, "no-return")
        got = as_array(value, f"What `{FUNCTION}` returned").shape
        if got != shape:
            failed(FUNCTION, f"`{FUNCTION}` returned an array of shape {got} where {shape} was asked for.", "wrong-shape")


def demand_distribution(student: Student, rng: np.random.Generator) -> None:
    """The draws have the distribution of the inverse CDF and the parameters that were passed."""
    book = book_of(student, rng)
    sets = [book.draws("wide"), book.draws("deep")]
    defect = distribution_defect([each.scores for each in sets], lambda offset: book.draws("wide", offset).scores)
    if defect is not None:
        slug = _mistake(book) or ("normal-noise" if all(consistent(each.values) for each in sets) else None)
        if slug is None and not any(dependence(each.scores) for each in sets):
            slug = "noise-not-uniform"
        failed(FUNCTION, f"`{FUNCTION}` was called with the identity as inverse CDF. {defect.sentence}", slug)
    for plan in OTHERS:
        other = book.draws(plan)
        if kolmogorov_smirnov(other.scores) < LOG_LEVEL:
            happened = f"`{FUNCTION}`, {_in_words(plan)}: the draws do not have the distribution of that inverse CDF with those parameters."
            uniforms = bool(np.all((other.values > 0.0) & (other.values < 1.0))) and consistent(normal_scores(other.values))
            failed(FUNCTION, happened, "icdf-ignored" if uniforms else "parameters-swapped" if _are_swapped(book, plan) else None)


def _are_swapped(book: Notebook, plan: str) -> bool:
    """Would the draws be right for the parameters in the opposite order?"""
    _, probe, params, _ = PLANS[plan]
    with np.errstate(all="ignore"):
        uniforms = np.asarray(CDFS[probe](book.draws(plan).values.reshape(PLANS[plan][3]), *params[::-1]))
    return len(params) > 1 and bool(np.all((uniforms > 0.0) & (uniforms < 1.0))) and consistent(normal_scores(uniforms))


def demand_independence(student: Student, rng: np.random.Generator) -> None:
    """Draws are independent across calls and elements."""
    book = book_of(student, rng)
    draws.demand_independence(
        FUNCTION, book, {plan: _in_words(plan) for plan in ("deep", "single numbers", "vector", "cube", "pairs")}, partial(_mistake, book)
    )


def demand_own_generator(student: Student, rng: np.random.Generator) -> None:
    """The generator decides everything, and nothing else moves."""
    book = book_of(student, rng)
    draws.demand_own_generator(FUNCTION, book, partial(_mistake, book))


def demand_finite(student: Student, rng: np.random.Generator) -> None:
    """Outputs of 0, and the largest below 1, do no harm, neither to the draw that meets one nor to those that follow."""
    recipes = [Rng(int(rng.integers(2**31)), bit_generator, zeros) for bit_generator, zeros in ZEROS]
    recipes.append(Rng(int(rng.integers(2**31)), largest=True))
    requests = [Call((Probe(probe), (0.3, 1.2), HARMLESS_SHAPE, recipe)) for recipe in recipes for probe in INFINITE_AT_AN_END]
    usual, values = book_of(student, rng).draws("deep"), []
    for request, observation in zip(requests, observations(student, FUNCTION, requests), strict=True):
        value = as_array(observation.value, f"What `{FUNCTION}` returned")
        rare = "the largest number below 1" if request.arguments[-1].largest else "0"
        if value.shape != HARMLESS_SHAPE:
            failed(FUNCTION, f"`{FUNCTION}`: after a generator returned {rare}, the result has another shape than was asked for.", "wrong-shape")
        if not np.all(np.isfinite(value)):
            ends = set(np.sign(value[np.isinf(value)]).tolist()) if not np.any(np.isnan(value)) else set()
            slug = {-1.0: "zero-not-excluded", 1.0: "one-not-excluded"}[ends.pop()] if len(ends) == 1 else None
            slug = "beyond-one" if request.arguments[-1].largest else slug
            failed(FUNCTION, f"`{FUNCTION}` returned infinity or NaN from a generator that begins with {rare}, which is rare but legal.", slug)
        if np.max(np.abs(value)) > FURTHEST:
            slug = "infinity-replaced" if np.max(np.abs(value)) > INSTEAD_OF_INFINITY else None
            failed(FUNCTION, f"`{FUNCTION}` returned an enormous number from a generator that begins with {rare}.", slug)
        # What moves without a zero as well is the affair of another check.
        if observation.touched - usual.touched:
            failed(FUNCTION, f"`{FUNCTION}` moved the global random state after a generator returned {rare}.", "global-state")
        values.append(value)
    # A function that ignores the inverse CDF deserves no praise for being finite.
    if all(map(_are_alike, values[::2], values[1::2])):
        failed(FUNCTION, f"`{FUNCTION}` returned the same kind of numbers for two inverse CDFs.", "icdf-ignored")
    observation = student.call(FUNCTION, Probe("identity_icdf"), (), (60, 50), Rng(int(rng.integers(2**31)), zeros=1))
    scores = normal_scores(np.clip(stacked(FUNCTION, observation, (60, 50)), INSIDE, 1.0 - INSIDE))
    # The zero itself may have become anything; what is wrong without it as well is the affair of other checks.
    if _is_sound(usual.scores) and not _is_sound(scores):
        failed(FUNCTION, f"`{FUNCTION}`: after a generator returned a 0, the draws are no longer independent and uniform.")


def _are_alike(first: Array, second: Array) -> bool:
    """Could two sets of equal size have one distribution? Massart's inequality for each, and the triangle's."""
    everything = np.sort(np.concatenate([first, second], axis=None))
    shares = [np.searchsorted(np.sort(values, axis=None), everything, side="right") / values.size for values in (first, second)]
    return bool(np.max(np.abs(shares[0] - shares[1])) < critical_distance(first.size, CONSISTENT))


def _is_sound(scores: Array) -> bool:
    return kolmogorov_smirnov(scores) >= LOG_LEVEL and not dependence(scores)


def _in_words(plan: str) -> str:
    calls, probe, params, shape = PLANS[plan]
    times = {1: "", 3: " three times in a row"}.get(calls, f" {calls} times in a row")
    shapes = " and ".join(str(np.shape(parameter)) for parameter in params)
    return f"called{times} for shape {shape} with the probe {probe}" + (f" and parameters of shapes {shapes}" if params else "")


def _mistake(book: Notebook) -> str | None:
    try:
        return sharing(book.draws("deep"), lambda: book.draws("again", 1))
    except (CheckFailed, StudentFault):
        return None
