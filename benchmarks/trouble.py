"""A class of which 5 % hang, crash or eat memory, against the same class without them.

    python benchmarks/trouble.py [--submissions 100]

What a hang may cost is its deadline, once a function, shared by the jobs that work side by side.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import harness

from grader.jobs.local import cores
from grader.unit import current

HANG = "def kl_divergence(mu, sigma):\n    while True:\n        pass\n"
CRASH = "import ctypes\n\n\ndef kl_divergence(mu, sigma):\n    ctypes.string_at(0)\n"
GLUTTON = "def kl_divergence(mu, sigma):\n    eaten = []\n    while True:\n        eaten.append(bytearray(50_000_000))\n"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=100)
    asked = parser.parse_args()
    troubles = {number: (HANG, CRASH, GLUTTON)[number // 20 % 3] for number in range(10, asked.submissions, 20)}
    solution = next(path for path in harness.SOLUTIONS if path.name == "kl.py").read_text()
    changed = {number: {"kl.py": f"{solution}\n\n{trouble}"} for number, trouble in troubles.items()}
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        harness.make_class(scratch / "sound", asked.submissions)
        harness.make_class(scratch / "troubled", asked.submissions, changed)
        seconds = {name: harness.grade("run", scratch / name, "-o", scratch / f"out-{name}") for name in ("sound", "troubled")}
    hangs = sum(trouble is HANG for trouble in troubles.values())
    bound = current().limits.call_seconds * hangs / cores()
    extra = seconds["troubled"] - seconds["sound"]
    rows = [
        ("all sound", seconds["sound"]),
        (f"{len(troubles)} in trouble, of which {hangs} hang", seconds["troubled"]),
        ("difference", extra),
        ("deadline x hangs / jobs", bound),
    ]
    harness.report("trouble", f"{asked.submissions} submissions, {os.cpu_count()} cores", ("class", "seconds"), rows)


if __name__ == "__main__":
    main()
