"""The public checks, run as a student runs them: in a folder of their own, without the grader.

Solutions pass all of them, stubs fail each of them.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from grader.release import build_kit
from grader.release.generation import generated_files
from grader.unit import current, data_directory


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    build_kit(tmp_path / "kit")
    return tmp_path / "kit"


def run_pytest(folder: Path, *arguments: str) -> tuple[Counter[str], str]:
    """Run pytest in a folder and count how its tests ended."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=line", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603  # our own interpreter
    return Counter(re.findall(r"^(PASSED|FAILED|ERROR)\b", done.stdout, re.MULTILINE)), done.stdout


def solve(kit: Path, *exercises: str) -> None:
    for name in exercises or [exercise.name for exercise in current().exercises]:
        shutil.copy(data_directory("solutions") / f"{name}.py", kit)


@pytest.mark.parametrize("arguments", [(), ("checks",)], ids=["pytest", "pytest checks"])
def test_solutions_pass_every_public_check(kit, arguments):
    solve(kit)
    outcomes, output = run_pytest(kit, *arguments)
    assert set(outcomes) == {"PASSED"}, output
    assert "warning" not in output


def test_stubs_fail_every_public_check(kit):
    outcomes, output = run_pytest(kit)
    assert set(outcomes) == {"FAILED"}, output
    assert output.count("NotImplementedError") >= outcomes["FAILED"]


def test_every_function_of_the_catalogue_has_a_public_check(kit):
    text = "".join(path.read_text(encoding="utf-8") for path in (kit / "checks").glob("test_*.py"))
    for exercise in current().exercises:
        for function in exercise.functions:
            assert f"{function.name}" in text


def test_a_file_that_cannot_be_imported_fails_its_own_checks_only(kit):
    solve(kit)
    (kit / "kl.py").write_text("def kl_divergence(mu, sigma:\n", encoding="utf-8")
    _, output = run_pytest(kit)
    assert {Path(name).name for name in re.findall(r"^(?:FAILED|ERROR) (\S+?\.py)::", output, re.MULTILINE)} == {"test_kl.py"}
    assert "PASSED" in output


@pytest.mark.parametrize(
    "walk_through",
    [
        {"mu": 0.0, "sigma": 1.0, "epsilon": 0.0, "grad_z": 0.0, "beta": 0.0},
        {"mu": -3.7, "sigma": 0.013, "epsilon": -2.25, "grad_z": 117.0, "beta": 4.0},
    ],
)
def test_the_public_checks_follow_an_edited_walk_through(kit, walk_through):
    unit = replace(current(), walk_through=replace(current().walk_through, **walk_through))
    (kit / "checks" / "walk_through.py").write_text(generated_files(unit)["checks/walk_through.py"], encoding="utf-8")
    solve(kit)
    outcomes, output = run_pytest(kit)
    assert set(outcomes) == {"PASSED"}, output


# Likely mistakes, at most one for each file in a round: the public checks are honest if they see them.
MISTAKES = [
    {
        "sampler": ("mu + sigma * epsilon", "mu + sigma**2 * epsilon"),  # the variance for the standard deviation
        "backward": ("unbroadcast(grad_z, np.shape(mu))", "grad_z"),  # no sum over what broadcasting expanded
        "kl": ("sigma - 1.0 / sigma", "sigma - 1.0"),  # the missing reciprocal
        "inverse_cdf": ("np.log(2.0 * tail)", "np.log(1 - 2 * np.abs(u - 0.5))"),  # the textbook's Laplace formula
        "encoder": ("epsilon * sigma / 2", "epsilon * sigma"),  # the gradient of log sigma for that of log_var
        "implicit": ("-rise", "rise"),  # the forgotten minus
    },
    {
        "sampler": ("rng.standard_normal(shape)", "rng.standard_normal(shape[-1:])"),  # noise shared by the batch
        "backward": ("return grad_z, grad_z * epsilon, None", "return grad_z, grad_z, None"),  # the noise dropped
        "kl": ("np.sum(divergence", "np.mean(divergence"),  # a mean over the latent dimensions
        "inverse_cdf": ("rng.integers(1, 2**53, size=shape) / 2**53", "rng.random(shape)"),  # a u of zero
        "encoder": (
            "return x.T @ grad_mu, x.T @ grad_log_var",
            "return x.T @ grad_mu / len(x), x.T @ grad_log_var / len(x)",
        ),  # a mean over the batch
        "implicit": ("param + step, param - step", "param + step, param"),  # a one-sided difference
    },
    {
        "sampler": ("torch.exp(log_var / 2)", "torch.exp(log_var / 2).detach()"),  # a broken graph
        "kl": ("beta=1.0", "beta=0.5"),  # another default
    },
    {
        "sampler": ("torch.exp(log_var / 2)", "torch.exp(log_var)"),  # log_var taken for log sigma
    },
]


@pytest.mark.parametrize("mistakes", MISTAKES, ids=["first", "second", "third", "fourth"])
def test_likely_mistakes_are_seen_and_cost_their_own_checks_only(kit, mistakes):
    solve(kit)
    for exercise, (right, wrong) in mistakes.items():
        text = (kit / f"{exercise}.py").read_text(encoding="utf-8")
        assert right in text
        (kit / f"{exercise}.py").write_text(text.replace(right, wrong), encoding="utf-8")
    _, output = run_pytest(kit)
    ended = {outcome: set(re.findall(rf"^{outcome} checks/test_(\w+)\.py", output, re.MULTILINE)) for outcome in ("FAILED", "PASSED")}
    assert ended == {"FAILED": set(mistakes), "PASSED": {exercise.name for exercise in current().exercises}}, output
