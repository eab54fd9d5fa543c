"""Asks a sampler for draws, once a submission, and judges them with the tests of `sampling`.

What comes back from a sampler is turned into scores: independent N(0, 1) exactly when the sampler is right. The draws that one check asked for are
kept for the checks that follow on the same submission; so is a failure to deliver them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import zip_longest
from typing import Any, NoReturn, Protocol

import numpy as np

from grader.checks import sampling
from grader.checks.answers import Array, as_array
from grader.checks.compare import fail
from grader.checks.misconceptions import TABLE
from grader.checks.misconceptions.sampler import NOISES, UNSCALED_NOISES
from grader.observation import Call, CheckFailed, Observation, Student, StudentFault, TensorValue
from grader.unit import current

# (calls, batch, latent). No set has more than 32,400 draws: a sampler written as a Python loop stays far below the deadline of a call.
WIDE, DEEP = (1, 180, 180), (3, 120, 90)
PUBLIC_SEED = 0
# Plans after which one looks at the arguments and the global generators, which takes longer than most calls.
WATCHED = ("deep", "default generator")
MOST_FURTHER_SETS = 12
# The bet on the sum of 12 uniforms goes on until it is won, or lost this badly (Wald, 1945): then the sampler is no such sum.
LOST = -math.log(1e6)
# A uniform and its complement come back as scores that are opposite but for rounding.
MIRRORED = 1e-6
MOST_PLACES = 7
CONSISTENT = 1e-6
ZERO = 1e-9
TWO = 2
A_FEW, MANY = 60, 1000
# What one explanation must be better by than the next, in nats.
AHEAD = 20.0
# Sums of so few uniforms are looked for besides the classic twelve.
SUMS = (2, 3, 4, 6)
# Beyond it half precision knows infinity only.
HALF_MAX = 6e4
# A family whose distribution function is so many times as far away as the nearest one's is no rival to it.
RIVAL = 1.6
# Among 32,400 standard normal draws one is further out, but for a chance of 3e-7.
NEVER_THAT_SHORT = 3.5
SHARED_ALONG: Mapping[frozenset[str], str] = {
    frozenset({"batch"}): "noise-shared-across-batch",
    frozenset({"latent"}): "noise-shared-across-latent",
    frozenset({"batch", "latent"}): "one-draw-for-all",
}
AXES_IN_WORDS = dict(zip(sampling.AXES, ("the first axis, or successive calls,", "the batch", "the latent axis"), strict=True))
EVIDENCE: Mapping[str, str] = {
    sampling.REPEATED: "The same noise turns up more than once.",
    sampling.EVEN: "They are spread more evenly than chance would have it.",
    sampling.CORRELATED: "Elements at a fixed distance from each other are correlated.",
    **{f"shared along {axis}": f"What varies along {words} has something in common." for axis, words in AXES_IN_WORDS.items()},
    **{f"magnitude shared along {axis}": f"The sizes of the noise along {words} have something in common." for axis, words in AXES_IN_WORDS.items()},
}


ARRANGEMENTS: Mapping[str, str] = {
    sampling.EVEN: "noise-too-even",
    sampling.CORRELATED: "noise-correlated",
}


@dataclass(frozen=True, slots=True)
class Draws:
    """What a sampler returned for one plan: `values` and the `scores` made of them, both of shape (calls, batch, latent).

    `modified` tells that the arguments of repeated calls did not stay what they were; that and what was `touched` is known of plans in WATCHED.
    """

    values: Array
    scores: Array
    touched: frozenset[str]
    modified: bool = False


def as_axes(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(calls, batch, latent) for values of this shape, the calls first. A three-dimensional result is one call's: its first axis comes first."""
    return shape[1:] if len(shape) > len(sampling.AXES) else (*shape, 1, 1)[: len(sampling.AXES)]


class Sampler(Protocol):
    """How a sampler is asked for draws."""

    def __hash__(self) -> int:
        """There is one for each function."""

    @property
    def function(self) -> str:
        """The function's name."""

    @property
    def usual(self) -> Collection[tuple[str, int]]:
        """The plans that a right sampler is asked for anyway, each with a number of steps from the notebook's seed: they travel together."""

    def request(self, plan: str, seed: int) -> Call:
        """The calls of a plan."""

    def read(self, plan: str, seed: int, observation: Observation) -> Draws:
        """The draws in what came back. Raises `CheckFailed` if there are none."""


@dataclass(slots=True)
class Notebook:
    """The draws of one function of one submission."""

    student: Student
    sampler: Sampler
    seed: int
    kept: dict[tuple[str, int], Draws | CheckFailed | StudentFault] = field(default_factory=dict)

    def draws(self, plan: str, offset: int = 0) -> Draws:
        """The draws for a plan, with the notebook's seed or one that is so many steps away from it; asked for when first needed."""
        if (plan, offset) not in self.kept:
            self._ask(self.sampler.usual if (plan, offset) in self.sampler.usual else [(plan, offset)])
        found = self.kept[plan, offset]
        if isinstance(found, Draws):
            return found
        raise found.with_traceback(None)

    def _ask(self, wanted: Collection[tuple[str, int]]) -> None:
        requests = [_request(self.sampler, plan, self.seed + offset) for plan, offset in wanted]
        observations = self.student.each(self.sampler.function, requests)
        for (plan, offset), observation in zip_longest(wanted, observations, fillvalue=observations[-1]):
            try:
                self.kept[plan, offset] = (
                    observation if isinstance(observation, StudentFault) else self.sampler.read(plan, self.seed + offset, observation)
                )
            except CheckFailed as problem:
                self.kept[plan, offset] = problem


@lru_cache(maxsize=128)
def _request(sampler: Sampler, plan: str, seed: int) -> Call:
    """Made once for all submissions of a run."""
    return sampler.request(plan, seed)


def for_a_picture(book: Notebook) -> Array:
    """Scores that everybody may see. Raises as `Notebook.draws` does."""
    (observation,) = book.student.each(book.sampler.function, [_request(book.sampler, "deep", PUBLIC_SEED)])
    if isinstance(observation, StudentFault):
        raise observation
    return book.sampler.read("deep", PUBLIC_SEED, observation).scores


_NOTEBOOKS: dict[Student, dict[str, Notebook]] = {}


def notebook(student: Student, sampler: Sampler, rng: np.random.Generator) -> Notebook:
    """The submission's notebook for a sampler, begun by the first check that needs it."""
    if student not in _NOTEBOOKS:
        # Submissions are judged one after another, and a notebook holds megabytes.
        _NOTEBOOKS.clear()
    notebooks = _NOTEBOOKS.setdefault(student, {})
    if sampler.function not in notebooks:
        notebooks[sampler.function] = Notebook(student, sampler, int(rng.integers(2**31)))
    return notebooks[sampler.function]


def stacked(
    function: str, observation: Observation, shape: tuple[int, ...], why_not_finite: Callable[[Array], str | None] = lambda value: None
) -> Array:
    """The values of repeated calls as one array of float64, calls first.

    Args:
        function: the function that was called.
        observation: what came back.
        shape: what each value should have.
        why_not_finite: names the mistake behind a value that is not finite.

    Raises:
        CheckFailed: a value is no array of numbers, has another shape than was asked for, or is not finite.
    """
    arrays = [value.value if isinstance(value, TensorValue) else value for value in observation.values]
    if all(isinstance(array, np.ndarray) and array.shape == shape for array in arrays):
        values = np.stack(arrays).astype(np.float64)
        if np.all(np.isfinite(values)):
            return values
    return np.stack([_as_values(function, value, shape, why_not_finite) for value in observation.values])


def _as_values(function: str, value: Any, shape: tuple[int, ...], why_not_finite: Callable[[Array], str | None]) -> Array:
    if value is None:
        fail(function, "no-return")
    array = as_array(value, f"What `{function}` returned")
    if array.shape != shape:
        several = isinstance(value, (tuple, list)) and any(as_array(item, function).shape == shape for item in value)
        happened = f"`{function}` returned an array of shape {array.shape} where it should have been {shape}."
        failed(function, happened, "more-than-asked" if several else "wrong-shape")
    if not np.all(np.isfinite(array)):
        what = "NaN" if np.any(np.isnan(array)) else "infinity"
        failed(function, f"`{function}` returned {what} among its draws.", why_not_finite(array))
    return array.astype(np.float64)


def failed(function: str, happened: str, slug: str | None = None) -> NoReturn:
    """Fail a check of a function, with the mistake if it is known: `slug` is its id, with or without the function's name before it."""
    if slug is not None:
        own = f"{function.replace('_', '-')}-{slug}"
        fail(function, own if own in TABLE else slug, happened)
    raise CheckFailed(f"{happened} (Handout: README.md#{current().function(function).handout})")


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with a distribution, in a sentence, and what the bets on the alternatives have made by then."""

    sentence: str
    wealth: Array


def distribution_defect(sets: Sequence[Array], further: Callable[[int], Array]) -> Defect | None:
    """What is wrong with the distribution of scores that should be N(0, 1), or None.

    Args:
        sets: arrays of scores, independent of each other if the sampler is right.
        further: called with 1, 2, ... it gives more of them, until the bet on the nearest of all wrong answers is decided.
    """
    wealth = np.sum([sampling.log_wealth(scores) for scores in sets], axis=0)
    if any(sampling.kolmogorov_smirnov(scores) < sampling.LOG_LEVEL for scores in sets):
        return Defect(_deviation(sets[0]), wealth)
    for index in range(1, MOST_FURTHER_SETS + 1):
        if sampling.bets(wealth) < sampling.LOG_LEVEL:
            return Defect("The draws come close to the distribution they should have, but over many draws a difference is beyond doubt.", wealth)
        if wealth[sampling.SUM_OF_TWELVE] < LOST:
            return None
        wealth = wealth + sampling.log_wealth(further(index))
    return None


def _deviation(scores: Array) -> str:
    mean, spread = float(np.mean(scores)), float(np.std(scores))
    if abs(mean) > 0.05:  # in standard deviations; far beyond chance for so many draws
        return "The draws lie too far to one side."
    if not 1 / 1.05 < spread < 1.05:
        return f"The draws are spread {spread:.2g} times as widely as they should be, all taken together."
    return "Centre and spread of the draws are about right, the shape of their distribution is not."


def consistent(scores: Array, cdf: Callable[[Array], Array] = sampling.normal_cdf) -> bool:
    """Could these scores have that distribution function?"""
    return bool(np.all(np.isfinite(scores))) and sampling.kolmogorov_distance(scores, cdf) < sampling.critical_distance(scores.size, CONSISTENT)


def the_only(slugs: Iterable[str]) -> str | None:
    """A diagnosis is made when one mistake explains what is seen, and only one."""
    distinct = set(slugs)
    return distinct.pop() if len(distinct) == 1 else None


def noise_kinds(sets: Sequence[Array], wealth: Array) -> set[str]:
    """The kinds of wrong noise that all these sets of independent scores could be made of, if location and scale are right."""
    if all(map(_is_sum_of_uniforms, sets)):
        return {"sum-of-uniforms-noise"}
    kinds = set.intersection(*(set(_kinds(scores)) for scores in sets))
    if all(map(consistent, sets)):
        # So near to normal that only the bets tell: whose won by far?
        if wealth[sampling.SUM_OF_TWELVE] > max(float(np.delete(wealth, sampling.SUM_OF_TWELVE).max()), 0.0) - LOST:
            kinds.add("sum-of-uniforms-noise")
        if wealth[sampling.HEAVY_TAILED].max() > max(float(np.delete(wealth, sampling.HEAVY_TAILED).max()), 0.0) + AHEAD:
            kinds.add("heavy-tailed-noise")
    return kinds


def _is_sum_of_uniforms(scores: Array) -> bool:
    """Of a few of them, in any scale: its likelihood is above that of a normal distribution, and of one that is cut off where the scores end."""
    spread, furthest = float(np.std(scores)), float(np.max(np.abs(scores)))
    if spread < ZERO:
        return False
    standardized = (scores.reshape(-1) - np.mean(scores)) / spread
    with np.errstate(divide="ignore"):
        likelihoods = {terms: float(np.sum(np.log(sampling.irwin_hall_density(standardized, terms)))) for terms in SUMS}
    terms = max(likelihoods, key=lambda terms: likelihoods[terms])
    if not consistent(standardized, partial(_irwin_hall_cdf, terms=terms)):
        return False
    normal = float(np.sum(np.log(sampling.normal_density(standardized))))
    cut_off = float(np.sum(np.log(sampling.normal_density(scores))) - scores.size * np.log(1 - 2 * sampling.normal_cdf(np.array(-furthest))))
    return likelihoods[terms] > max(normal, cut_off + scores.size * math.log(spread)) + AHEAD


def _irwin_hall_cdf(scores: Array, terms: int) -> Array:
    grid = np.linspace(-4.5, 4.5, 9001)
    below = np.cumsum(sampling.irwin_hall_density(grid, terms))
    return np.asarray(np.interp(scores, grid, below / below[-1]))


def _kinds(scores: Array) -> Iterator[str]:
    if np.unique(np.round(scores, 6)).size <= TWO:
        yield "two-valued-noise"
        return
    few = np.unique(np.round(scores, 6)).size
    if few <= A_FEW or (few <= MANY and not rounded(scores)):
        yield "few-valued-noise"
        return
    lower, middle, upper = np.quantile(scores, (0.25, 0.5, 0.75))
    if upper > lower and not consistent(scores):
        standardized = (scores - middle) / (upper - lower)
        distances = [(sampling.kolmogorov_distance(standardized, cdf), slug) for slug, cdf in NOISES]
        limit = min(sampling.critical_distance(scores.size, CONSISTENT), RIVAL * min(distances)[0])
        yield from (slug for distance, slug in distances if distance <= limit)
        yield from (slug for slug, cdf in UNSCALED_NOISES if consistent(scores, cdf))
    furthest = float(np.max(np.abs(scores)))
    inside = scores[np.abs(scores) < furthest * (1 - ZERO)]
    if furthest < NEVER_THAT_SHORT and consistent(inside, partial(_truncated_cdf, limit=furthest)):
        yield "truncated-noise"


def _truncated_cdf(scores: Array, limit: float) -> Array:
    below = sampling.normal_cdf(np.array(-limit))
    return np.asarray((sampling.normal_cdf(scores) - below) / (1 - 2 * below))


def sharing(draws: Draws, other: Callable[[], Draws]) -> str | None:
    """What the noise is shared by, told by equality: `draws` are three calls with one generator, `other` is a call with another one."""
    shared = sampling.shared_axes(draws.scores)
    if "calls" not in shared:
        return SHARED_ALONG.get(shared)
    fixed = np.allclose(other().scores[0], draws.scores[0], rtol=0, atol=ZERO)
    if shared == frozenset(sampling.AXES):
        return "no-noise" if fixed else None
    return ("fixed-noise" if fixed else "restarts-generator") if shared == {"calls"} else None


def arrangement(book: Notebook, plan: str, evidence: str) -> str | None:
    """What makes draws depend on each other that no axis shares, told by looking at them; where that says nothing, by the test that failed."""
    if sampling.shared_axes(book.draws(plan).scores):
        return None
    draws = book.draws("deep")
    flat = draws.scores.reshape(len(draws.scores), -1)
    ordered = np.sort(flat, axis=None)
    if np.allclose(ordered, -ordered[::-1], rtol=0.0, atol=MIRRORED):
        return "antithetic-noise"
    if any(np.all(np.diff(draws.scores, axis=axis) >= 0.0) for axis, length in enumerate(draws.scores.shape) if axis and length > TWO):
        return "sorted-noise"
    if is_standardized(draws.scores):
        return "noise-standardized"
    _, counts = np.unique(np.round(np.abs(draws.scores), 9), return_counts=True)
    # Reuse serves all alike; values from a grid hit each other by chance.
    if np.ptp(counts) <= 1 and (evidence == sampling.REPEATED or np.all(counts > 1)):
        return "noise-repeated"
    return ARRANGEMENTS.get(evidence)


def is_standardized(scores: Array) -> bool:
    """Whether each call's noise has mean 0, or standard deviation 1, to the last digit."""
    flat = scores.reshape(len(scores), -1)
    spreads = (np.abs(flat.std(axis=1, ddof=freedom) - 1.0) for freedom in (0, 1))
    return bool(np.all(np.abs(flat.mean(axis=1)) < ZERO) or any(np.all(spread < ZERO) for spread in spreads))


def _rounded_noise(book: Notebook) -> str | None:
    return rounded(book.draws("deep").values) or rounded(book.draws("deep").scores)


def rounded(values: Array) -> str | None:
    """The mistake of those who round or cut their draws."""
    if np.ptp(values) == 0.0:
        return None
    places = next((places for places in range(MOST_PLACES) if np.allclose(np.round(values, places), values, rtol=0.0, atol=ZERO)), None)
    if places is None:
        return "half-precision" if _is_half(values) else None
    return "rounded" if places else "whole-numbers"


def _is_half(values: Array) -> bool:
    """Half precision still tells thousands of numbers apart; a few that it happens to hold are chosen from a list."""
    many = np.unique(values).size > MANY
    return bool(many and np.max(np.abs(values)) < HALF_MAX and np.allclose(values.astype(np.float16), values, rtol=ZERO, atol=1e-12))


def demand_independence(function: str, book: Notebook, plans: Mapping[str, str], diagnose: Callable[[], str | None]) -> None:
    """Draws are independent across calls and elements.

    Args:
        function: the sampler.
        book: its draws.
        plans: which of them, and how a message speaks of the calls.
        diagnose: names the mistake.

    Raises:
        CheckFailed: they are not.
        StudentFault: there are none.
    """
    for plan, words in plans.items():
        evidence = sampling.dependence(book.draws(plan).scores) or _repetition(book, plan)
        if evidence:
            happened = f"`{function}`, {words}: the draws are not independent of each other. {EVIDENCE[evidence[0]]}"
            slug = diagnose() or _rounded_noise(book) or arrangement(book, plan, evidence[0]) or _shared_in(book.draws(plan).scores)
            failed(function, happened, slug)


def _shared_in(scores: Array) -> str | None:
    """What the noise of one plan alone is shared by, told by equality."""
    shared = sampling.shared_axes(scores)
    if np.all(np.abs(scores) < ZERO):
        return "no-noise"
    return "one-draw-for-all" if shared and math.prod(scores.shape) == scores.shape[1] else SHARED_ALONG.get(shared)


def _repetition(book: Notebook, plan: str) -> tuple[str, ...]:
    """Few distinct values may be a discrete distribution; but not where many draws at once are all different."""
    if _repeats(book.draws(plan)) and not _repeats(book.draws("deep")):
        return (sampling.REPEATED,)
    return ()


def _repeats(draws: Draws) -> bool:
    return sampling.repeated_magnitudes(draws.scores) < sampling.LOG_LEVEL


def demand_own_generator(function: str, book: Notebook, diagnose: Callable[[], str | None]) -> None:
    """Equal generators give equal draws, other generators independent ones, and nothing but the generator moves. Raises as above."""
    first, again, other = book.draws("deep"), book.draws("again"), book.draws("again", 1)
    if np.allclose(other.scores[0], first.scores[0], rtol=0.0, atol=ZERO):
        slug = diagnose() or ("generator-ignored" if first.touched == {"torch"} else "global-state" if first.touched else None)
        failed(function, f"`{function}` gave the same draws with two different generators.", slug)
    if first.touched:
        failed(function, f"`{function}` moved the global random state of {' and '.join(sorted(first.touched))}.", "global-state")
    if not np.array_equal(again.scores[0], first.scores[0]):
        failed(function, f"`{function}` was called with two generators in the same state.", "other-generator")
    if not sampling.dependence(first.scores[:1]) and sampling.dependence(np.concatenate([first.scores[:1], other.scores])):
        failed(function, f"`{function}` was called with two different generators: their draws are not independent of each other.")
