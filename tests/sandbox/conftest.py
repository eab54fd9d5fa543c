"""Where the boxes stand, and a playground outside of them."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from boxes import Box
from student_code import LIMITS, SEVEN, ask, submission

from grader.sandbox.client import Sandbox
from grader.sandbox.readable import PACKAGE
from grader.unit import current

SOURCES = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(dataclasses.replace(current(), limits=LIMITS)) as sandbox:
        yield sandbox


@pytest.fixture
def healthy(sandbox: Sandbox) -> Iterator[None]:
    """Whatever the test does, the next submission is served."""
    yield
    assert ask(sandbox, submission(SEVEN)) == 7.0


@pytest.fixture(scope="session")
def house() -> Iterator[Path]:
    """A copy of the code in a place that every user may read, as an installation would be."""
    place = Path(tempfile.mkdtemp(prefix="reparam-house-"))
    place.chmod(0o755)
    (place / "grader").mkdir()
    for module in PACKAGE.glob("*.py"):
        shutil.copy(module, place / "grader")
    shutil.copytree(PACKAGE / "sandbox", place / "grader" / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    for script in ("tiny_zygote.py", "jail_attacks.py"):
        shutil.copy(SOURCES / script, place)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def box(house: Path) -> Iterator[Callable[..., Box]]:
    """Give a box for (user, without={...}, preload=(...), memory_mib=..., leak=path), started once for the same words."""
    boxes: dict[Any, Box] = {}

    def get(user: str, without: set[str] | None = None, preload: tuple[str, ...] = (), memory_mib: int = 256, leak: str = "") -> Box:
        key = (user, frozenset(without or ()), preload, memory_mib, leak)
        if key not in boxes:
            boxes[key] = Box(house, *key)  # type: ignore[arg-type]
        return boxes[key]

    yield get
    for opened in boxes.values():
        opened.close()


@pytest.fixture
def playground() -> Iterator[Path]:
    """A folder with a secret, in which every user may do everything: only the jail stands between a child and it."""
    place = Path(tempfile.mkdtemp(prefix="reparam-playground-"))
    place.chmod(0o777)
    (place / "secret.txt").write_text("the secret", encoding="ascii")
    (place / "secret.txt").chmod(0o666)
    yield place
    shutil.rmtree(place)
