"""The hidden checks in an ordinary pytest process, as autograders usually run them: `pytest -p fresh_pytest CHECKS`, with SUBMISSION set."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from plain_student import PlainStudent

from grader import DEFAULT_SEED
from grader.checks import session
from grader.intake import entries, read
from grader.unit import WalkThrough, current


@pytest.fixture(scope="session")
def student() -> PlainStudent:
    """The submission in the folder SUBMISSION."""
    folder = Path(os.environ["SUBMISSION"])
    (entry,) = (entry for entry in entries(folder.parent) if entry.name == folder.name)
    return PlainStudent(current(), read(entry, current()))


@pytest.fixture(scope="session")
def reference() -> SimpleNamespace:
    """The solutions' functions."""
    return session.load_reference(current())


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """As in grading."""
    return np.random.default_rng([DEFAULT_SEED, zlib.crc32(request.node.name.encode())])


@pytest.fixture
def walk_through() -> WalkThrough:
    """The lesson's numbers."""
    return current().walk_through
