"""False alarms and power of the random checks, measured on the very tests the checks make.

    python benchmarks/power.py            # some minutes; writes benchmarks/power.json and docs/power.md
    python benchmarks/power.py --quick    # half a minute; prints only

Every sampler below is simulated as scores, which for the right one are independent N(0, 1). For each the evidence of a check is its smallest `log_p`:
the logarithm of a bound on the probability of a false alarm. The check fails what lies below the level. The probability that a wrong sampler is
missed is far too small to be counted; the root of the evidence is close to normal from run to run, and its tail beyond the level is extrapolated from
mean and standard deviation.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from grader.checks import sampling
from grader.checks.draws import DEEP, MOST_FURTHER_SETS, WIDE, as_axes, distribution_defect
from grader.checks.gaussian import PLANS

Array = sampling.Array
Sampler = Callable[[np.random.Generator, tuple[int, ...]], Array]
ROOT = Path(__file__).resolve().parent.parent
STRONGEST = -1e4


def shared(axis: int, share: float = 1.0) -> Sampler:
    """Noise of which this share of the variance is common along an axis."""

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        common = rng.standard_normal([1 if index == axis else size for index, size in enumerate(shape)])
        return np.sqrt(1.0 - share) * rng.standard_normal(shape) + np.sqrt(share) * common

    return draw


def autoregressive(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Neighbours with correlation 0.15."""
    flat = rng.standard_normal(math.prod(shape) + 1)
    weight = 0.15
    mixed = flat[1:] * math.sqrt(0.5 + math.sqrt(0.25 - weight**2)) + flat[:-1] * math.sqrt(0.5 - math.sqrt(0.25 - weight**2))
    return mixed.reshape(shape)


def antithetic(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """The second half of the batch mirrors the first."""
    half = rng.standard_normal((shape[0], shape[1] // 2, *shape[2:]))
    return np.concatenate([half, -half], axis=1)


def reused(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Every call gets a new permutation of the same noise."""
    noise = rng.standard_normal(math.prod(shape[1:]))
    return np.stack([rng.permutation(noise).reshape(shape[1:]) for _ in range(shape[0])])


def shared_radius(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Box-Muller with one radius for each column."""
    radius = np.sqrt(2.0 * rng.exponential(size=(shape[0], 1, shape[2])))
    return radius * np.cos(rng.uniform(0.0, 2.0 * np.pi, shape))


def stratified(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """One draw in each of n equal cells, shuffled."""
    size = math.prod(shape)
    return sampling.normal_scores((rng.permutation(size) + rng.random(size)) / size).reshape(shape)


def in_halves(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Of the elements of each call as many below the median as above, in random order."""
    strata = rng.permuted(np.broadcast_to(np.arange(shape[1])[None, :, None], shape), axis=1)
    return sampling.normal_scores((strata + rng.random(shape)) / shape[1])


def centred(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """The mean of each call's noise taken off, and the variance made good."""
    noise = rng.standard_normal(shape)
    return (noise - noise.mean(axis=1, keepdims=True)) * math.sqrt(shape[1] / (shape[1] - 1.0))


def of_unit_energy(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Each call's noise divided by its root mean square."""
    noise = rng.standard_normal(shape)
    return noise / np.sqrt(np.mean(noise**2, axis=1, keepdims=True))


def clipped_uniform(lower: float, upper: float) -> Sampler:
    """Uniforms kept between these limits, as normal scores."""
    return lambda rng, shape: sampling.normal_scores(np.clip(rng.random(shape), max(lower, 1e-16), min(upper, 1.0 - 1e-16)))


def right(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """The right sampler."""
    return rng.standard_normal(shape)


DISTRIBUTIONS: Mapping[str, Sampler] = {
    "variance for standard deviation, sigma = 1.1": lambda rng, shape: 1.1 * rng.standard_normal(shape),
    "standard deviation off by 5 %": lambda rng, shape: 1.05 * rng.standard_normal(shape),
    "standard deviation off by 4 %": lambda rng, shape: 1.04 * rng.standard_normal(shape),
    "mean off by 0.05 sigma": lambda rng, shape: 0.05 + rng.standard_normal(shape),
    "Laplace, unit variance": lambda rng, shape: rng.laplace(0.0, math.sqrt(0.5), shape),
    "logistic, unit variance": lambda rng, shape: rng.logistic(0.0, math.sqrt(3.0) / np.pi, shape),
    "logistic, matched to the normal CDF": lambda rng, shape: rng.logistic(0.0, 1.0 / 1.702, shape),
    "uniform, unit variance": lambda rng, shape: rng.uniform(-math.sqrt(3.0), math.sqrt(3.0), shape),
    "two values": lambda rng, shape: rng.choice([-1.0, 1.0], size=shape),
    "Student t, 5 degrees, unit variance": lambda rng, shape: rng.standard_t(5, shape) * math.sqrt(3.0 / 5.0),
    "Student t, 30 degrees": lambda rng, shape: rng.standard_t(30, shape),
    "clipped at 2": lambda rng, shape: np.clip(rng.standard_normal(shape), -2.0, 2.0),
    "clipped at 3.3": lambda rng, shape: np.clip(rng.standard_normal(shape), -3.3, 3.3),
    "sum of 6 uniforms": lambda rng, shape: (rng.random((6, *shape)).sum(axis=0) - 3.0) * math.sqrt(2.0),
    "sum of 12 uniforms": lambda rng, shape: rng.random((12, *shape)).sum(axis=0) - 6.0,
    "u clipped to [0.001, 0.999]": clipped_uniform(1e-3, 1.0 - 1e-3),
    "u clipped from below at 0.0005": clipped_uniform(5e-4, 1.0),
    "u ~ Beta(1.1, 1)": lambda rng, shape: sampling.normal_scores(rng.beta(1.1, 1.0, shape)),
}
DEPENDENCES: Mapping[str, Sampler] = {
    "shared across the batch": shared(1),
    "3 % shared across the batch": shared(1, 0.03),
    "shared across the latent axis": shared(2),
    "3 % shared across the latent axis": shared(2, 0.03),
    "shared across calls": shared(0),
    "20 % shared across calls": shared(0, 0.2),
    "neighbours with correlation 0.15": autoregressive,
    "antithetic halves": antithetic,
    "permuted reuse": reused,
    "radius shared across the batch": shared_radius,
    "rounded to 3 decimals": lambda rng, shape: np.round(rng.standard_normal(shape), 3),
    "stratified": stratified,
}

# Noise that is tidied up within a call shows where a call has two elements only.
OF_PAIRS: Mapping[str, Sampler] = {
    "one element of each call below the median, one above": in_halves,
    "centred within each call": centred,
}
# ... and where a call is for a single number.
OF_SINGLE_NUMBERS: Mapping[str, Sampler] = {
    "of unit energy within each call": of_unit_energy,
    "uniform between 0 and 1": lambda rng, shape: rng.random(shape),
}


@dataclass(frozen=True)
class Row:
    """One line of the table. `missed` is extrapolated unless the evidence is a sequence of bets that goes on until it is decided."""

    check: str
    answer: str
    runs: int
    caught: int
    median_log10_p: float
    missed: str


def distribution_evidence(sampler: Sampler, rng: np.random.Generator) -> float:
    """The smallest log_p of a distribution check, the further draws for the sum of 12 uniforms included."""
    sets = [sampler(rng, WIDE), sampler(rng, DEEP)]
    smallest = min(map(sampling.kolmogorov_smirnov, sets))
    defect = distribution_defect(sets, lambda _: sampler(rng, WIDE))
    wealth = np.sum([sampling.log_wealth(scores) for scores in sets], axis=0) if defect is None else defect.wealth
    return min(smallest, sampling.bets(wealth))


def independence_evidence(sampler: Sampler, rng: np.random.Generator) -> float:
    """The smallest log_p of an independence check, on the largest of its sets."""
    scores = sampler(rng, DEEP)
    return min(sampling.independence(scores).values()) if sampling.dependence(scores) else 0.0


def evidence_of_pairs(sampler: Sampler, rng: np.random.Generator) -> float:
    """The same on many calls for two elements each."""
    calls, shape, _ = PLANS["pairs"]
    scores = sampler(rng, as_axes((calls, *shape)))
    return min(sampling.independence(scores).values()) if sampling.dependence(scores) else 0.0


def evidence_of_single_numbers(sampler: Sampler, rng: np.random.Generator) -> float:
    """The distribution check on calls for a single number each."""
    return sampling.kolmogorov_smirnov(sampler(rng, as_axes((PLANS["scalars"][0],))))


def measure(check: str, answer: str, evidence: Callable[[Sampler, np.random.Generator], float], sampler: Sampler, runs: int) -> Row:
    """Simulate one sampler that many times."""
    values = np.array([max(evidence(sampler, np.random.default_rng([20260101, run])), STRONGEST) for run in range(runs)])
    caught = int(np.count_nonzero(values < sampling.LOG_LEVEL))
    return Row(check, answer, runs, caught, float(np.median(values)) / math.log(10.0), _missed(answer, values))


def _missed(answer: str, values: Array) -> str:
    if answer == "sum of 12 uniforms":
        # Wald: the bet is lost by a sampler it is right about with probability below the wealth at which it is given up.
        return "< 1e-6 (the bet goes on until it is decided)"
    roots = np.sqrt(-values)
    distance = (math.sqrt(-sampling.LOG_LEVEL) - float(roots.mean())) / max(float(roots.std(ddof=1)), 1e-3)
    log10 = float(torch.special.log_ndtr(torch.tensor(distance, dtype=torch.float64))) / math.log(10.0)
    return "< 1e-99" if log10 < -99 else f"{10.0**log10:.0e}"


def false_alarms(runs: int) -> list[str]:
    """For each test, how often its bound falls below 0.1 and 0.01 for a right sampler: a bound holds if that is no more often than so."""
    tests: dict[str, list[float]] = {}
    lengths = []
    for run in range(runs):
        rng = np.random.default_rng([7, run])
        scores = right(rng, DEEP)
        found = {"Kolmogorov-Smirnov": sampling.kolmogorov_smirnov(scores), "bets": sampling.bets(sampling.log_wealth(scores))}
        for name, log_p in {**found, **sampling.independence(scores)}.items():
            tests.setdefault(name, []).append(log_p)
        more: list[int] = []

        def further(index: int, rng: np.random.Generator = rng, more: list[int] = more) -> Array:
            more.append(index)
            return right(rng, WIDE)

        if distribution_defect([right(rng, WIDE), scores], further) is not None:
            raise SystemExit("a right sampler was failed; the level makes this impossible in practice")
        lengths.append(len(more))
    lines = ["| test | bound below 0.1 | bound below 0.01 |", "|---|---|---|"]
    for name, values in tests.items():
        shares = [float(np.mean(np.array(values) < math.log(level))) for level in (0.1, 0.01)]
        lines.append(f"| {name} | {shares[0]:.3f} | {shares[1]:.3f} |")
    further_draws = f"{np.mean(lengths):.2f} on average, {max(lengths)} at most (limit {MOST_FURTHER_SETS})"
    return [*lines, "", f"Further sets of {math.prod(WIDE):,} draws until the bet on the sum of 12 uniforms is lost: {further_draws}."]


PAGE = """# False alarms and power of the random checks

Generated by `python benchmarks/power.py`.

Every test bounds the probability of its false alarm rigorously and fails a sampler only below {level:g}. A check makes fewer than 100 tests,
so that it fails a right sampler with probability below 1e-9. The table shows what power is left at that level: how many of the simulated
samplers were caught, the median evidence, and the probability of missing one, extrapolated from the spread of the evidence from run to run.

| check | wrong answer | caught / runs | median log10 p | missed with probability |
|---|---|---|---|---|
{rows}

Not seen, because it would take more draws than one could wait for: a spread that is off by 2 %, a mean that is off by 0.02 sigma, a sum of 24 or more
uniforms, Student's t with 100 or more degrees of freedom, a normal distribution cut off beyond 3.5 standard deviations, uniforms clipped closer than
2.4e-4 to both ends (4.8e-4 to one), noise of which less than about two per cent of the variance is shared. Noise of single precision is accepted on
purpose.

## The bounds hold

How often a test's bound falls below a level for the right sampler: a bound is valid when that is no more often than the level says.

{alarms}
"""


def markdown(rows: list[Row], alarms: list[str]) -> str:
    """The page of the documentation."""
    lines = (f"| {row.check} | {row.answer} | {row.caught} / {row.runs} | {row.median_log10_p:.0f} | {row.missed} |" for row in rows)
    return PAGE.format(level=sampling.LEVEL, rows="\n".join(lines), alarms="\n".join(alarms))


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few runs, and no files written")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)
    runs = 10 if quick else 60
    rows = [measure("distribution", answer, distribution_evidence, sampler, runs) for answer, sampler in DISTRIBUTIONS.items()]
    rows += [measure("independence", answer, independence_evidence, sampler, runs) for answer, sampler in DEPENDENCES.items()]
    rows += [measure("independence", answer, evidence_of_pairs, sampler, runs) for answer, sampler in OF_PAIRS.items()]
    rows += [measure("distribution", answer, evidence_of_single_numbers, sampler, runs) for answer, sampler in OF_SINGLE_NUMBERS.items()]
    text = markdown(rows, false_alarms(100 if quick else 1000))
    sys.stdout.write(text)
    if not quick:
        (ROOT / "benchmarks" / "power.json").write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
        (ROOT / "docs" / "power.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
