"""Wall time a submission: nbgrader by itself against `grade nbgrader autograde`, on the same class, one after the other.

    python benchmarks/nbgrader.py [--submissions 30] [--stock 3]

Every submission is the whole unit, solved: six notebooks. nbgrader runs ordinary hidden tests (`init --plain`), ours its own checks in the sandbox.
Since nbgrader's time grows in proportion, it gets the first few submissions only. Start-up is counted on both sides.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness

BIN = Path(sys.executable).parent
ASSIGNMENT = "reparameterization"


def run(*command: object, cwd: Path | None = None) -> float:
    """Run one of this environment's commands and return the seconds it took."""
    name, *arguments = map(str, command)
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    started = time.perf_counter()
    subprocess.run([BIN / name, *arguments], cwd=cwd, env=environment, check=True, capture_output=True)  # noqa: S603  # our own commands
    return time.perf_counter() - started


def make_course(folder: Path, submissions: int, *options: str) -> Path:
    """A course in which everybody has solved everything."""
    run("grade", "nbgrader", "init", folder, *options)
    run("nbgrader", "generate_assignment", ASSIGNMENT, cwd=folder)
    for number in range(submissions):
        shutil.copytree(folder / "source" / ASSIGNMENT, folder / "submitted" / f"student{number:03}" / ASSIGNMENT)
    return folder


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=30)
    parser.add_argument("--stock", type=int, default=3, help="how many of them nbgrader gets by itself")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        stock_course = make_course(Path(scratch) / "stock", asked.stock, "--plain")
        our_course = make_course(Path(scratch) / "ours", asked.submissions)
        stock = run("nbgrader", "autograde", ASSIGNMENT, cwd=stock_course) / asked.stock
        ours = run("grade", "nbgrader", "autograde", our_course) / asked.submissions
    rows = [("nbgrader autograde", asked.stock, stock, stock / ours), ("grade nbgrader autograde", asked.submissions, ours, 1.0)]
    harness.report("nbgrader", "A class in nbgrader, all solved, start included", ("command", "submissions", "s a submission", "times ours"), rows)


if __name__ == "__main__":
    main()
