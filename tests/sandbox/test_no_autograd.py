"""Autograd is closed by every path, and torch goes on to be a calculator."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("autograd_paths.py")


@pytest.fixture(scope="module", params=["alone", "jail"])
def report(request: pytest.FixtureRequest) -> dict[str, Any]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT), request.param], capture_output=True, text=True, check=False, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_every_path_into_autograd_ends_the_process_with_an_illegal_instruction(report: dict[str, Any]) -> None:
    assert report["closed"] == dict.fromkeys(report["closed"], -signal.SIGILL)


def test_every_such_path_works_until_autograd_is_closed(report: dict[str, Any]) -> None:
    assert report["closed, before"] == dict.fromkeys(report["closed"], 0)


def test_torch_without_autograd_and_a_custom_functions_own_backward_live(report: dict[str, Any]) -> None:
    assert report["open"] == dict.fromkeys(report["open"], 0)
