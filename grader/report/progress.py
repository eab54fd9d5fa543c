"""Shows how a run is getting on: a bar with rate, time left and tally on a terminal, one line a submission elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.model import Result, Status
from grader.report.terminal import STATUS_STYLES, points
from grader.text import printable

NAME_CHARACTERS = 80
REASON_CHARACTERS = 300


class RunProgress:
    """Implements `grader.pipeline.Watch`. Use as a context manager around the run."""

    def __init__(self, console: Console) -> None:
        self.total = 0
        self.unchanged = 0
        self.graded: Counter[Status] = Counter()
        self._console = console
        self._started = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            _Rate(self),
            TimeRemainingColumn(compact=True),
            _Tally(self),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("Starting", total=None)

    def __enter__(self) -> RunProgress:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    @property
    def finished(self) -> int:
        """Submissions that are settled, by this run or an earlier one."""
        return self.unchanged + self.graded.total()

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._started

    def begin(self, total: int) -> None:
        """See `Watch.begin`."""
        self.total = total
        self._bar.update(self._task, total=total)

    def kept(self, result: Result) -> None:  # noqa: ARG002  # an unchanged submission is counted, not named
        """See `Watch.kept`."""
        self.unchanged += 1
        self._bar.advance(self._task)

    def done(self, result: Result, reason: str) -> None:
        """See `Watch.done`."""
        self.graded[result.status] += 1
        self._bar.update(self._task, description="Grading")
        self._bar.advance(self._task)
        if not self._console.is_terminal:
            self._console.print(self._line(result), soft_wrap=True)
        if result.status is Status.FAULT:
            self._bar.console.print(_fault(result, reason), soft_wrap=True)

    def _line(self, result: Result) -> Text:
        width = len(str(self.total))
        name = printable(result.submission, NAME_CHARACTERS)
        return Text(f"[{self.finished:>{width}}/{self.total}] {result.status.value:<8} {points(result.score) or '-':>6}  {name}")


class _Rate(ProgressColumn):
    """Submissions graded per second, unchanged ones not counted."""

    def __init__(self, progress: RunProgress) -> None:
        super().__init__()
        self._progress = progress

    def render(self, task: Task) -> Text:  # noqa: ARG002  # rich's interface
        done, seconds = self._progress.graded.total(), self._progress.seconds
        return Text(f"{done / seconds:.1f}/s" if done and seconds else "")


class _Tally(ProgressColumn):
    """How many of each status so far."""

    def __init__(self, progress: RunProgress) -> None:
        super().__init__()
        self._progress = progress

    def render(self, task: Task) -> Text:  # noqa: ARG002  # rich's interface
        return tally(self._progress)


def tally(progress: RunProgress) -> Text:
    """'38 graded  1 rejected  12 unchanged', without what there is none of."""
    parts = [Text(f"{progress.graded[status]} {status.value}", style) for status, style in STATUS_STYLES.items() if progress.graded[status]]
    if progress.unchanged:
        parts.append(Text(f"{progress.unchanged} unchanged", "dim"))
    return Text("  ").join(parts)


def _fault(result: Result, reason: str) -> Text:
    last = (reason.strip().splitlines() or ["no reason was given"])[-1]
    line = Text("fault: ", "bold red") + Text(f"{printable(result.submission, NAME_CHARACTERS)}: {printable(last, REASON_CHARACTERS)}")
    return line + Text(f"  (faults/{result.file_name}.txt)", "dim")
