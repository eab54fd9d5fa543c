"""Time and memory a submission as the class grows.

    python benchmarks/growth.py [--full]

10, 100 and 1,000 submissions, with --full 10,000 as well. Memory is the largest that a process of each kind had at its peak.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import tempfile
import time
from pathlib import Path

import harness

LOOK_SECONDS = 0.5


def descendants(pid: int) -> list[tuple[int, int]]:
    """The process and all below it, each with its depth."""
    found, depth, level = [(pid, 0)], 0, [pid]
    while level:
        depth += 1
        below = []
        for parent in level:
            with contextlib.suppress(OSError):
                for thread in Path(f"/proc/{parent}/task").iterdir():
                    below += [int(child) for child in (thread / "children").read_text().split()]
        found += [(child, depth) for child in below]
        level = below
    return found


def peak_mib(pid: int) -> float:
    """The most memory that a process has had so far."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def measure(size: int, scratch: Path) -> tuple[float, list[float]]:
    """Seconds, and MiB of the command, a job and a zygote (or student process)."""
    folder = harness.make_class(scratch / f"class{size}", size)
    peaks = [0.0, 0.0, 0.0]
    started = time.perf_counter()
    command = [str(harness.GRADE), "run", str(folder), "-o", str(scratch / f"out{size}")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603  # our own command
        while process.poll() is None:
            for pid, depth in descendants(process.pid):
                kind = min(depth, 2)
                peaks[kind] = max(peaks[kind], peak_mib(pid))
            time.sleep(LOOK_SECONDS)
    if process.returncode != 0:
        raise SystemExit(f"grade run ended with {process.returncode}")
    return time.perf_counter() - started, peaks


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--full", action="store_true", help="10,000 submissions as well")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000])
    asked = parser.parse_args()
    sizes = [*asked.sizes, 10_000] if asked.full else asked.sizes
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            seconds, peaks = measure(size, Path(scratch))
            rows.append((size, seconds, 1000 * seconds / size, *peaks))
    columns = ("submissions", "seconds", "ms a submission", "MiB, grade run", "MiB, a job", "MiB, sandbox")
    harness.report("growth", "Growth with the class, all cores, start included", columns, rows)


if __name__ == "__main__":
    main()
