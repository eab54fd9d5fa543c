"""What the benchmarks share: a class to grade, the command, and a table on the terminal with the same figures as JSON beside it.

Every benchmark measures its sides in turn, round after round, so that a busy machine is unfair to all of them alike, and reports medians.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from grader import __version__
from grader.unit import data_directory

GRADE = Path(sys.executable).with_name("grade")
RESULTS = Path(__file__).with_name("results")
SOLUTIONS = sorted(data_directory("solutions").glob("*.py"))


def make_class(folder: Path, size: int, changed: Mapping[int, Mapping[str, str]] | None = None) -> Path:
    """So many submissions of the whole unit, all solved and no two alike; `changed`: other files for some of them, by number."""
    for number in range(size):
        place = folder / f"student{number:05}"
        place.mkdir(parents=True)
        files = {path.name: path.read_text() for path in SOLUTIONS} | dict((changed or {}).get(number, {}))
        for name, text in files.items():
            (place / name).write_text(f"{text}\n# handed in by student {number}\n")
    return folder


def grade(*arguments: object, environment: Mapping[str, str] | None = None) -> float:
    """Run `grade` and return its wall time in seconds."""
    started = time.perf_counter()
    command = [str(GRADE), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | dict(environment or {}))  # noqa: S603  # our own command
    return time.perf_counter() - started


def processor_seconds() -> float:
    """Processor time of this process and all below it, those that have ended included: what a measurement costs however busy the machine is."""
    ticks, level = 0, [os.getpid()]
    while level:
        below = []
        for pid in level:
            with contextlib.suppress(OSError):
                ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    below += [int(child) for child in (thread / "children").read_text().split()]
        level = below
    return ticks / os.sysconf("SC_CLK_TCK")


def interleaved(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of each side's figures, measured in turn."""
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            figures[name].append(measure())
    return {name: statistics.median(values) for name, values in figures.items()}


def report(name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], **further: Any) -> None:
    """Print a table and write it, with what it was measured on, to `results/<name>.json`."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)
    document = {"title": title, "rows": [dict(zip(columns, row, strict=True)) for row in rows], **further, "machine": _machine()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")


def _machine() -> dict[str, Any]:
    """The load says how much else was going on: above the number of cores, only ratios mean something."""
    return {
        "cores": os.cpu_count(),
        "load_average_1_min": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "grader": __version__,
    }
