"""What `sample` and `rsample` have in common: plans of calls, scores, and what is demanded of them.

Both draw z ~ N(mu, sigma^2). Their scores are (z - mu) / sigma.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from grader.checks import draws
from grader.checks.answers import Array
from grader.checks.compare import GLOBAL_SEED, demand_unmodified
from grader.checks.draws import (
    DEEP,
    WATCHED,
    WIDE,
    Draws,
    Notebook,
    as_axes,
    distribution_defect,
    failed,
    is_standardized,
    noise_kinds,
    notebook,
    rounded,
    sharing,
    stacked,
    the_only,
)
from grader.checks.draws import consistent as is_standard_normal
from grader.checks.misconceptions.sampler import CLIPPED, RSAMPLE_SCALES, SAMPLE_SCALES, Scale
from grader.checks.sampling import LOG_LEVEL, dependence, kolmogorov_smirnov, shared_axes
from grader.observation import Call, CheckFailed, Observation, Rng, Student, StudentFault, Tensor, TorchGenerator

Shape = tuple[int, ...]
# What a sampler is asked for: number of calls, shapes of mu and sigma. "wide" and "single precision" vary mu and sigma; the others have one mu and
# one sigma everywhere, so that a wrong scale does not look like dependence.
PLANS: Mapping[str, tuple[int, Shape, Shape]] = {
    "wide": (1, WIDE[1:], WIDE[1:]),
    "single precision": (1, WIDE[1:], WIDE[1:]),
    "extreme": (1, (2, 1500), (2, 1500)),
    "deep": (DEEP[0], DEEP[1:], DEEP[1:]),
    "again": (1, DEEP[1:], DEEP[1:]),
    "default generator": (2, DEEP[1:], DEEP[1:]),
    "column and row": (1, (40, 1), (30,)),
    "row of mu": (1, (30,), (40, 30)),
    "row of sigma": (1, (40, 30), (30,)),
    "scalars": (200, (), ()),
    "scalar mu": (1, (), (40, 30)),
    "vector": (1, (1500,), (1500,)),
    "cube": (1, (8, 15, 20), (8, 15, 20)),
    # Noise that is standardized or stratified over the elements of a call betrays itself where these are few.
    "pairs": (320, (2,), (2,)),
}
OTHER_RANKS = ("scalars", "vector", "cube")
# Along which axis the noise is shared in three of them when it has the shape of one argument alone.
BROADCAST = ("column and row", "row of mu", "row of sigma")
TORCH_ALONE, NUMPY_ALONE = ("single precision", "default generator"), (*BROADCAST, "scalar mu")
SHAPED_LIKE: Mapping[tuple[frozenset[str], ...], str] = {
    (frozenset({"latent"}), frozenset({"batch"}), frozenset()): "noise-of-mu-shape",
    (frozenset({"batch"}), frozenset(), frozenset({"batch"})): "noise-of-sigma-shape",
}
MU, LOG_VAR = 0.7, 0.5
PLACES = 9
# The quartiles of 8,100 draws differ by less than a tenth of their distance, but for a chance of 1e-6 or so: enough for a diagnosis.
UNLIKE = 0.1
EXTREME_LOG_VAR = np.array([[-30.0], [30.0]])
SCALES: Mapping[str, tuple[tuple[str, Scale], ...]] = {"sample": tuple(SAMPLE_SCALES.items()), "rsample": (*RSAMPLE_SCALES.items(), *CLIPPED)}


@lru_cache(maxsize=64)
def parameters(plan: str, seed: int) -> tuple[Array, Array]:
    """Mu and log_var for a plan: the same for every submission of a run, and not to be written to."""
    _, mu_shape, sigma_shape = PLANS[plan]
    if plan == "extreme":
        # mu = 0 keeps all digits of a tiny sigma * epsilon.
        return np.zeros(mu_shape), np.broadcast_to(EXTREME_LOG_VAR, sigma_shape).copy()
    if plan in ("wide", "single precision"):
        # A stream of its own: the student's generator has this very seed, and its uniforms shall have nothing in common with the parameters.
        rng = np.random.default_rng([seed, 1])
        # Neither is 0 on average: to replace a parameter by its mean is another mistake than to leave it out.
        return rng.uniform(-2.0, 4.0, mu_shape), rng.uniform(-2.8, 1.6, sigma_shape)
    return np.asarray(np.full(mu_shape, MU))[()], np.full(sigma_shape, LOG_VAR)


class Sample:
    """How `sample` is asked."""

    function = "sample"
    usual = (*((plan, 0) for plan in PLANS if plan not in TORCH_ALONE), ("again", 1))

    def request(self, plan: str, seed: int) -> Call:
        """See `draws.Sampler.request`."""
        return Call((*self._arguments(plan, seed), Rng(seed)), repeat=PLANS[plan][0], afterwards=plan in WATCHED, seed=GLOBAL_SEED)

    def read(self, plan: str, seed: int, observation: Observation) -> Draws:
        """See `draws.Sampler.read`."""
        return _draws(self.function, plan, seed, self._arguments(plan, seed), observation)

    def _arguments(self, plan: str, seed: int) -> tuple[Array, Array]:
        mu, log_var = parameters(plan, seed)
        return mu, np.exp(log_var / 2.0)


class Rsample:
    """How `rsample` is asked. The global seed stays the same unless the draws are to come from there."""

    function = "rsample"
    usual = (*((plan, 0) for plan in PLANS if plan not in NUMPY_ALONE), ("again", 1), ("default generator", 1))

    def request(self, plan: str, seed: int) -> Call:
        """See `draws.Sampler.request`."""
        tensors, repeat, watched = self._tensors(plan, seed), PLANS[plan][0], plan in WATCHED
        if plan == "default generator":
            return Call(tensors, repeat=repeat, afterwards=watched, seed=seed)
        if plan == "again":
            return Call(tensors, {"generator": TorchGenerator(seed)}, repeat, afterwards=watched, seed=GLOBAL_SEED)
        return Call((*tensors, TorchGenerator(seed)), repeat=repeat, afterwards=watched, seed=GLOBAL_SEED)

    def read(self, plan: str, seed: int, observation: Observation) -> Draws:
        """See `draws.Sampler.read`."""
        return _draws(self.function, plan, seed, self._tensors(plan, seed), observation)

    def _tensors(self, plan: str, seed: int) -> tuple[Tensor, ...]:
        dtype = np.float32 if plan == "single precision" else np.float64
        return tuple(Tensor(np.asarray(parameter, dtype=dtype)) for parameter in parameters(plan, seed))


SAMPLE, RSAMPLE = Sample(), Rsample()


def sample_book(student: Student, rng: np.random.Generator) -> Notebook:
    """The submission's draws of `sample`."""
    return notebook(student, SAMPLE, rng)


def rsample_book(student: Student, rng: np.random.Generator) -> Notebook:
    """The submission's draws of `rsample`."""
    return notebook(student, RSAMPLE, rng)


def _draws(function: str, plan: str, seed: int, arguments: Sequence[Any], observation: Observation) -> Draws:
    mu, log_var = parameters(plan, seed)
    shape = np.broadcast_shapes(np.shape(mu), np.shape(log_var))
    values = stacked(function, observation, shape, partial(_why_not_finite, function, log_var))
    scores = (values - mu) / np.exp(log_var / 2.0)
    axes = as_axes(values.shape)
    # What the first of several calls changes, the next one is asked with.
    modified = len(values) > 1 and _is_modified(function, arguments, observation)
    return Draws(values.reshape(axes), scores.reshape(axes), observation.touched, modified)


def _is_modified(function: str, arguments: Sequence[Any], observation: Observation) -> bool:
    try:
        demand_unmodified(function, arguments, observation.arguments)
    except CheckFailed:
        return True
    return False


def _why_not_finite(function: str, log_var: Array, value: Array) -> str | None:
    root = function == "rsample" and np.any(log_var < 0) and np.array_equal(np.isnan(value), np.broadcast_to(log_var < 0, value.shape))
    return "root-of-log-var" if root else None


def demand_distribution(function: str, book: Notebook, plans: Sequence[str]) -> None:
    """Scores are N(0, 1), with a tiny and a huge sigma as well. Raises `CheckFailed` if not, and `StudentFault` if there are none."""
    sets = [book.draws(plan).scores for plan in plans]
    defect = distribution_defect(sets, lambda offset: book.draws("wide", offset).scores)
    if defect is not None:
        scale = _shared_by(function, book) or the_only(wrong_scales(function, book))
        slug = scale or _noise(book, defect.wealth) or rounded(book.draws("wide").values) or rounded(book.draws("deep").scores)
        # What all draws together look like may be about right where each is wrong in its own way.
        sentence = "They do not have the distribution that belongs to their parameters." if scale else defect.sentence
        failed(function, f"`{function}` was asked for many draws. {sentence}", slug)
    for plan in OTHER_RANKS:
        try:
            scores = book.draws(plan).scores
        except CheckFailed as problem:
            if problem.misconception is None and is_standardized(book.draws("deep").scores):
                failed(function, f"`{function}`, {_in_words(plan)}: there is nothing to standardize in a single number.", "noise-standardized")
            raise
        # Draws that depend on each other are the affair of another check.
        if kolmogorov_smirnov(scores) < LOG_LEVEL and not dependence(scores):
            failed(function, f"`{function}`, {_in_words(plan)}: the draws do not have the distribution they should have.")
    if any(kolmogorov_smirnov(scores) < LOG_LEVEL for scores in book.draws("extreme").scores[0]):
        slug = rounded(book.draws("deep").values) or (None if dependence(book.draws("deep").scores) else "extreme-values-altered")
        failed(function, f"`{function}` was asked for draws with a tiny and with a huge standard deviation.", slug)


def wrong_scales(function: str, book: Notebook) -> list[str]:
    """The wrong locations and scales that make the draws standard normal after all."""
    wide, (mu, log_var) = book.draws("wide"), parameters("wide", book.seed)
    second = np.exp(log_var / 2.0) if function == "sample" else log_var
    if is_standard_normal(wide.scores):
        return []
    found = []
    for slug, scale in SCALES[function]:
        location, spread = scale(mu, second)
        scores = (wide.values - location) / spread
        if slug not in found and is_standard_normal(scores) and all(map(is_standard_normal, _by_scale(scores, log_var))):
            found.append(slug)
    return found


def _by_scale(scores: Array, log_var: Array) -> list[Array]:
    """Scores from four ranges of log_var: what is wrong with location or scale may even out over all of them together, but not in each."""
    return np.array_split(scores.reshape(-1)[np.argsort(log_var, axis=None)], 4)


def _noise(book: Notebook, wealth: Array) -> str | None:
    """The kind of noise. One that is not independent may look like many things, and so may a wrong scale."""
    sets = [book.draws(plan).scores for plan in ("wide", "deep")]
    # Few values are few only where rounding does not tell them apart.
    if any(dependence(scores.round(PLACES)) for scores in sets):
        return None
    slug = the_only(noise_kinds(sets, wealth))
    lower, middle, upper = np.quantile(_by_scale(sets[0], parameters("wide", book.seed)[1]), (0.25, 0.5, 0.75), axis=1)
    alike = np.ptp(middle) < UNLIKE * np.max(upper - lower) and np.max(upper - lower) < (1 + UNLIKE) * np.min(upper - lower)
    return slug if alike or slug in ("two-valued-noise", "few-valued-noise") else None


def demand_independence(function: str, book: Notebook, plans: Sequence[str]) -> None:
    """Draws are independent across calls and elements. Raises as `demand_distribution` does."""
    draws.demand_independence(function, book, {plan: _in_words(plan) for plan in plans}, partial(_shared_by, function, book))
    # Of so many draws a call, which no other test feels. By chance three calls do that less often than once in 1e20 times.
    if is_standardized(book.draws("deep").scores):
        happened = f"`{function}`, {_in_words('deep')}: the draws of each call agree to the last digit in their mean or in their spread."
        failed(function, happened, "noise-standardized")


def demand_own_generator(function: str, book: Notebook) -> None:
    """Equal generators give equal draws, other generators independent ones, and nothing but the generator moves. Raises as above."""
    draws.demand_own_generator(function, book, partial(_shared_by, function, book))


def _in_words(plan: str) -> str:
    calls, mu_shape, sigma_shape = PLANS[plan]
    times = {1: "", 2: " twice in a row", 3: " three times in a row"}.get(calls, f" {calls} times in a row")
    return f"called{times} with " + (
        f"arguments of shape {mu_shape}" if mu_shape == sigma_shape else f"arguments of shapes {mu_shape} and {sigma_shape}"
    )


def _shared_by(function: str, book: Notebook) -> str | None:
    """What the noise is shared by, told by equality. A fault of the student's in a further call is no diagnosis."""
    try:
        if book.draws("deep").modified:
            return "modifies-inputs"
        slug = sharing(book.draws("deep"), lambda: book.draws("again", 1))
        if slug is None and function == "sample" and not shared_axes(book.draws("deep").scores):
            slug = SHAPED_LIKE.get(tuple(shared_axes(book.draws(plan).scores) for plan in BROADCAST))
    except (CheckFailed, StudentFault):
        return None
    return slug
