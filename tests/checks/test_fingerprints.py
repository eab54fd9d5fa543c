"""Which change makes which results outdated."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from grader.checks import fingerprint
from grader.unit import CHECKS_DIRECTORY, current

UNIT = current()
EVERY = {exercise.name for exercise in UNIT.exercises}


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the checks that may be changed."""
    copy = tmp_path / "checks"
    shutil.copytree(CHECKS_DIRECTORY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "CHECKS_DIRECTORY", copy)
    return copy


def changed_by(path: Path) -> set[str]:
    before = fingerprint.fingerprints(UNIT)
    path.write_bytes(path.read_bytes() + b"# changed\n")
    return {name for name, sha256 in fingerprint.fingerprints(UNIT).items() if sha256 != before[name]}


def test_a_change_to_the_checks_of_one_exercise_concerns_that_exercise(checks: Path) -> None:
    for name in sorted(EVERY):
        assert changed_by(checks / f"test_{name}.py") == {name}


@pytest.mark.parametrize("name", ["compare.py", "sampling.py", "misconceptions/kl.py"])
def test_a_change_to_what_checks_have_in_common_concerns_all(checks: Path, name: str) -> None:
    assert changed_by(checks / name) == EVERY


def test_a_change_to_the_catalogue_concerns_the_exercise_it_is_about() -> None:
    before = fingerprint.fingerprints(UNIT)
    renamed = tuple(replace(exercise, title="Another title") if exercise.name == "kl" else exercise for exercise in UNIT.exercises)
    after = fingerprint.fingerprints(replace(UNIT, exercises=renamed))
    assert {name for name in EVERY if after[name] != before[name]} == {"kl"}
    other_numbers = fingerprint.fingerprints(replace(UNIT, walk_through=replace(UNIT.walk_through, mu=0.75)))
    assert {name for name in EVERY if other_numbers[name] != before[name]} == EVERY
