"""Runs the real commands, and reads what they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
ASSIGNMENT = "reparameterization"
SCRIPT = Path(__file__).with_name("gradebook_script.py")


def run(*command: object, cwd: Path | None = None, code: int = 0) -> str:
    """Run a command of this environment, demand its exit code, and return all it said."""
    name, *arguments = map(str, command)
    done = subprocess.run(  # noqa: S603  # our own commands
        [str(BIN / name), *arguments],
        cwd=cwd,
        env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def gradebook(course: Path, task: str, *arguments: object) -> Any:
    """Have `gradebook_script` do something."""
    said = run("python", "-W", "ignore", SCRIPT, course, task, *arguments)
    return json.loads(said) if said else None


def read(course: Path, assignment: str = ASSIGNMENT) -> dict[str, Any]:
    """The gradebook, by student."""
    found: dict[str, Any] = gradebook(course, "read", assignment)
    return found


def notebook(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded
