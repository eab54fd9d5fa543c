"""Where output goes: results to stdout, everything about the run itself to stderr; the few colours, each with one meaning."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from grader.model import Outcome, Status
from grader.text import printable

# Where there is no terminal, lines are as wide as they need to be.
PLAIN_WIDTH = 200
LONGEST_LINE = 2_000

STATUS_STYLES: Mapping[Status, str] = {Status.GRADED: "green", Status.REJECTED: "yellow", Status.FAULT: "bold red"}
OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.ERROR: ("!", "red"),
    Outcome.TIMEOUT: ("⧗", "red"),
    Outcome.CRASHED: ("☠", "red"),
    Outcome.MISSING: ("?", "yellow"),
    Outcome.NOT_IMPLEMENTED: ("○", "yellow"),
    Outcome.FORBIDDEN: ("⊘", "red"),
}


def stdout() -> Console:
    """The console for results."""
    return _console(stderr=False)


def stderr() -> Console:
    """The console for progress, warnings and errors."""
    return _console(stderr=True)


class _Console(Console):
    """Falls silent when nobody can read it any more (a closed pipe, a full disk): a class is graded to its end all the same."""

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich's."""
        try:
            super().print(*objects, **options)
        except (OSError, ValueError):
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Say no more. What the stream still holds goes nowhere, so that Python can end without an error."""
        self.quiet = True
        with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a device
            os.dup2(nowhere.fileno(), self.file.fileno())


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    if stream is None:  # closed by whoever started this
        return _Console(quiet=True)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # a sign that an encoding lacks is no reason to say nothing
    return _Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=None if stream.isatty() else PLAIN_WIDTH)


def error(message: str) -> Text:
    """An error's line or lines. Paths and names in it may be hostile."""
    return Text("error: ", style="bold red") + Text("\n".join(printable(line, LONGEST_LINE) for line in message.splitlines()))


def points(value: float | None) -> str:
    """Points as one would write them: 20, 12.5; nothing where there is no number."""
    return "" if value is None else f"{value:.6g}"
