"""Chance never decides: right samplers pass whatever the seed, and the order in which submissions are judged changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from grader import __version__
from grader.checks import session
from grader.checks.fingerprint import fingerprints
from grader.jobs import Task
from grader.jobs.local import LocalJobs, cores
from grader.model import ExerciseResult, Outcome, Program, Source, Submission
from grader.results import Context
from grader.sandbox.client import Sandbox
from grader.unit import current, data_directory

UNIT = current()
RUNS = 200
RANDOM = ("sampler", "inverse_cdf")
# Draws as they should be, but from the system's entropy: each run sees others, and none is reproducible.
OWN_ENTROPY = """
import numpy as np
import torch

def sample(mu, sigma, rng):
    return mu + sigma * np.random.default_rng().standard_normal(np.broadcast_shapes(np.shape(mu), np.shape(sigma)))

def rsample(mu, log_var, generator=None):
    fresh = torch.Generator()
    fresh.seed()
    return mu + torch.exp(log_var / 2) * torch.randn(mu.shape, dtype=mu.dtype, generator=fresh)
"""
OWN_ENTROPY_UNIFORM = """
import numpy as np

def sample_inverse_cdf(icdf, params, shape, rng):
    return icdf(1.0 - np.random.default_rng().random(shape), *params) if shape else icdf(np.random.default_rng().uniform(1e-300, 1.0), *params)
"""
CHANGED: tuple[dict[str, bytes], ...] = (
    {},
    {"sampler": b"import numpy as np\ndef sample(mu, sigma, rng): return mu + sigma * np.random.standard_normal(np.shape(mu))\n"},
    {"kl": b"import numpy as np\nnp.seterr(all='raise')\nnp.log = None\n"},
    {"inverse_cdf": b"import os\nos._exit(3)\n"},
    {"backward": b"import random\nrandom.seed = None\ndef reparameterize_backward(*_): return random.random(), 1.0\n"},
    {},
)
Judged = list[tuple[ExerciseResult, ...]]


def submission(name: str, sources: dict[str, bytes]) -> Submission:
    programs = {exercise: Program(exercise, Source(f"{exercise}.py", code), {}, frozenset()) for exercise, code in sources.items()}
    return Submission(name, name, programs, "0" * 64)


def judged(work: Sequence[tuple[Submission, int]], exercises: Sequence[str]) -> Judged:
    """What each submission gets with each seed, in one warm session."""
    found: Judged = []

    def body(grade: session.Grade) -> None:
        for one, seed in work:
            student = sandbox.student(one)
            try:
                found.append(grade(student, seed, exercises))
            finally:
                student.close()

    with Sandbox(UNIT) as sandbox:
        session.run(UNIT, body)
    return found


def judged_anywhere(work: Sequence[tuple[Submission, int]], exercises: tuple[str, ...]) -> Judged:
    """The same in no particular order, on all cores."""
    checks = fingerprints(UNIT)
    tasks = [Task(replace(one, file_name=f"{number}"), exercises, Context(seed, __version__, checks)) for number, (one, seed) in enumerate(work)]
    with LocalJobs(cores(), "strict", UNIT.limits) as jobs:
        return [verdict.result.exercises for verdict in jobs.grade(tasks)]


@pytest.fixture(scope="module")
def solutions() -> dict[str, bytes]:
    return {exercise.name: (data_directory("solutions") / f"{exercise.name}.py").read_bytes() for exercise in UNIT.exercises}


def not_passed(results: Judged, relevant: Callable[[str], bool]) -> list[tuple[str, str]]:
    return [
        (check.name, check.message)
        for exercises in results
        for exercise in exercises
        for check in exercise.checks
        if relevant(check.name) and check.outcome is not Outcome.PASSED
    ]


def test_the_solutions_pass_with_two_hundred_seeds(solutions: dict[str, bytes]) -> None:
    work = submission("solutions", solutions)
    assert not_passed(judged_anywhere([(work, seed) for seed in range(1, RUNS + 1)], RANDOM), lambda _: True) == []


def test_samplers_that_take_their_own_entropy_pass_all_that_is_asked_of_their_draws_two_hundred_times() -> None:
    work = submission("own", {"sampler": OWN_ENTROPY.encode(), "inverse_cdf": OWN_ENTROPY_UNIFORM.encode()})
    results = judged_anywhere([(work, 20260101)] * RUNS, RANDOM)
    assert len(results) == RUNS
    of_draws = ("_distribution", "_independence", "_shape", "_always_finite", "_gradient", "_and_dtype")
    samplers = ("sample_", "rsample_", "sample_inverse_cdf_")
    assert not_passed(results, lambda name: name.startswith(samplers) and name.endswith(of_draws)) == []
    assert len(not_passed(results, lambda name: name.endswith("_generator"))) == RUNS * len(samplers), "they do not draw from what is passed"


def test_the_order_of_submissions_changes_no_verdict(solutions: dict[str, bytes]) -> None:
    class_ = [submission(f"s{number}", solutions | changed) for number, changed in enumerate(CHANGED)]
    exercises = [exercise.name for exercise in UNIT.exercises]
    forwards = judged([(one, 7) for one in class_], exercises)
    backwards = judged([(one, 7) for one in reversed(class_)], exercises)
    assert forwards == backwards[::-1]
