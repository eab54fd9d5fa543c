"""What a verdict rests on, as hashes. Apart from the session: a run over results that hold needs no check to be loaded."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from grader.errors import UnitError
from grader.unit import CHECKS_DIRECTORY, Unit, data_directory


def fingerprints(unit: Unit) -> dict[str, str]:
    """For each exercise, SHA-256 over everything that decides its verdict. Results made with another one are graded again.

    Its own checks and its part of the catalogue count for an exercise alone; solutions, and what the checks have in common, count for all.

    Raises:
        UnitError: a file of checks is missing or cannot be read.
    """
    try:
        return _fingerprints(unit)
    except OSError as error:
        raise UnitError(f"{error.filename}: cannot be read ({error.strerror}); put it back, or install the package again") from error


def _fingerprints(unit: Unit) -> dict[str, str]:
    own = {exercise.name: CHECKS_DIRECTORY / f"test_{exercise.name}.py" for exercise in unit.exercises}
    common = [path for path in sorted(CHECKS_DIRECTORY.rglob("*.py")) if path not in own.values()]
    shared = [repr(replace(unit, exercises=())).encode(), *map(Path.read_bytes, [*common, *sorted(data_directory("solutions").glob("*.py"))])]
    return {exercise.name: _sha256(*shared, own[exercise.name].read_bytes(), repr(exercise).encode()) for exercise in unit.exercises}


def _sha256(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(f"{len(content)}\0".encode() + content)
    return digest.hexdigest()
