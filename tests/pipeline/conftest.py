"""A class that is graded once, and a way to start the command that leaves nothing running."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import Running, grade, make_class


@pytest.fixture(scope="session")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("class") / "submissions")


@pytest.fixture(scope="session")
def graded(submissions: Path) -> Path:
    """OUT of a run that nothing disturbed. Not to be written to."""
    out = submissions.parent / "out"
    done = grade("run", submissions, "-o", out, "-j", 2)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def copy(graded: Path, tmp_path: Path) -> Path:
    """A copy of that OUT, to go on from."""
    return Path(shutil.copytree(graded, tmp_path / "out"))


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Start the command; whatever is left of it at the end of the test is ended."""
    started: list[Running] = []

    def begin(*arguments: object) -> Running:
        started.append(Running(*arguments))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            os.kill(running.process.pid, signal.SIGKILL)
            running.process.wait()
        for stream in (running.process.stdout, running.process.stderr):
            if stream is not None:
                stream.close()
