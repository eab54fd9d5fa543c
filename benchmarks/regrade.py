"""Grading again: after nothing changed, after one submission changed, and after one check changed.

    python benchmarks/regrade.py [--submissions 1000] [--rounds 3]

A check is changed in a copy of the package, never in this one.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import harness

REPOSITORY = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        course = harness.make_class(scratch / "class", asked.submissions)
        for name in ("grader", "solutions", "exercises"):
            shutil.copytree(REPOSITORY / name, scratch / "package" / name, ignore=shutil.ignore_patterns("__pycache__"))
        command = ("run", course, "-o", scratch / "out")
        with_copy = {"PYTHONPATH": str(scratch / "package")}
        check = scratch / "package" / "grader" / "checks" / "test_kl.py"

        def one_submission() -> float:
            with (course / "student00000" / "kl.py").open("a") as file:
                file.write("# once more\n")
            return harness.grade(*command, environment=with_copy)

        first = harness.grade(*command, environment=with_copy)
        seconds = harness.interleaved(
            asked.rounds, {"nothing": lambda: harness.grade(*command, environment=with_copy), "one submission": one_submission}
        )
        with check.open("a") as file:
            file.write("# changed\n")
        seconds["one check"] = harness.grade(*command, environment=with_copy)
    rows = [("all (first run)", first, 1.0), *((what, value, value / first) for what, value in seconds.items())]
    harness.report("regrade", f"{asked.submissions} submissions graded again", ("what changed", "seconds", "of the first run"), rows)


if __name__ == "__main__":
    main()
