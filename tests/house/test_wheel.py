"""The built wheel, installed into an environment of its own: what is shipped is what works."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel. Its dependencies are lent by the environment of the tests: they are not what is tried here."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", place, ROOT], check=True, capture_output=True)  # noqa: S603  # our own command
    (wheel,) = place.glob("*.whl")
    environment = place / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)  # noqa: S603  # our own command
    subprocess.run([environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel], check=True)  # noqa: S603  # our own command
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return environment


def grade(installed: Path, *arguments: str, place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([installed / "bin" / "grade", *arguments], cwd=place, capture_output=True, text=True, check=False)  # noqa: S603  # our own command


def test_the_wheel_leaves_no_other_package_than_grader(installed: Path) -> None:
    (site,) = installed.glob("lib/python*/site-packages")
    ours = {
        path.name
        for path in site.iterdir()
        if not path.name.startswith(("pip", "setuptools", "_distutils", "distutils", "pkg_resources", "lent", "__"))
    }
    assert {name.partition("-")[0] for name in ours} == {"grader", "reparam_exercises"}


def test_the_wheel_grades_a_class(installed: Path, tmp_path: Path) -> None:
    run = grade(installed, "demo", place=tmp_path)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "demo-class" / "out" / "grades.csv").read_text(encoding="utf-8").count("\n") == 14


def test_the_wheel_proves_its_unit(installed: Path, tmp_path: Path) -> None:
    run = grade(installed, "verify", "--quick", place=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_wheel_builds_the_kit(installed: Path, tmp_path: Path) -> None:
    assert grade(installed, "release", "kit", place=tmp_path).returncode == 0
    assert (tmp_path / "kit" / "kl.py").is_file()
    assert (tmp_path / "kit.zip").is_file()


def test_the_wheel_carries_the_bank(installed: Path) -> None:
    (bank,) = installed.glob("lib/python*/site-packages/grader/data/bank")
    assert {path.name for path in bank.iterdir()} == {"right", "wrong", "partial"}
