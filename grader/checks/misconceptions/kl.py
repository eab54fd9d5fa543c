"""Known mistakes in `kl.py`."""

from __future__ import annotations

from grader.checks.misconceptions.record import Misconception

MISCONCEPTIONS: tuple[Misconception, ...] = ()
