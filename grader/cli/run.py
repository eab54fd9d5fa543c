"""`grade run`: a class, from submissions to grades."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from grader import DEFAULT_SEED
from grader.cli import options
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.intake import Entry
    from grader.jobs.cluster import ClusterJobs
    from grader.jobs.local import LocalJobs
    from grader.model import Row
    from grader.pipeline import Order, Watch
    from grader.report.progress import RunProgress

# Of a larger class only those that need a look are listed.
LONGEST_TABLE = 60
LAYOUTS = ("auto", "plain", "canvas", "moodle", "gradescope", "nbgrader", "github")


@click.command(
    epilog=options.examples("grade run submissions -o out", "grade run submissions.zip -o out", "grade run submissions -o out --only kl --force")
)
@click.argument("submissions", type=options.Place())
@click.option("-o", "--out", type=options.Place(), required=True, metavar="OUT", help="Folder for results and grades; made if need be.")
@options.jobs
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=DEFAULT_SEED, show_default=True, help="Seed of the random checks; recorded in results."
)
@click.option("--only", multiple=True, metavar="EXERCISE", help="Grade this exercise only; may be repeated.")
@click.option("--force", is_flag=True, help="Grade again what has not changed, too.")
@click.option(
    "--format", "layout", type=click.Choice(LAYOUTS), default="auto", show_default=True, help="How the folder is laid out; 'auto' sees for itself."
)
@click.option("--roster", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CSV", help="Names and ids, for report and exports.")
@click.option("--course", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TOML", help="Late policy; kept in OUT/course.toml.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on a Dask cluster, say tcp://host:8786; needs the extra 'cluster'.")
@options.isolation
def run(
    submissions: Path,
    out: Path,
    jobs: int | None,
    seed: int,
    only: tuple[str, ...],
    force: bool,
    layout: str,
    roster: Path | None,
    course: Path | None,
    scheduler: str | None,
    isolation: str,
) -> None:
    """Grade a folder of submissions: one folder or archive each, or what Canvas, Moodle, Gradescope, nbgrader or GitHub Classroom made.

    SUBMISSIONS may be the .zip that Canvas, Moodle or Gradescope lets you download, as it comes, or the .zip of any such folder. It is unpacked into
    a scratch folder while the run lasts; the results are those of the unpacked folder.

    Writes OUT/results/<submission>.json and OUT/grades.csv. Run again, it grades only what changed: the submission, the checks, the seed or the
    version. Interrupted (Ctrl-C), it keeps what is done and goes on from there the next time.

    With --only, other exercises in a stored result stay as they are while that result still holds; if it does not, all that it held is graded
    again. Results of submissions that are no longer in the folder stay in OUT and in grades.csv.

    With --scheduler, the machines of a Dask cluster grade and results come back to OUT as they are reached; all must have the same installed.

    A course.toml beside SUBMISSIONS, or given with --course, holds the late policy. It changes no result, only final points in report and exports.

    Exit code: 0 done, 1 the grader failed at a submission, 2 wrong usage, 130 interrupted, 143 terminated.
    """
    from grader.intake import download, layouts
    from grader.intake import roster as rosters
    from grader.pipeline import Order
    from grader.report import terminal
    from grader.results import course as rules
    from grader.text import printable
    from grader.unit import current

    options.warn(isolation)
    if scheduler and jobs:
        raise UsageError("-j and --scheduler exclude each other: how many grade at a time is for the cluster's workers to say (--nthreads)")
    beside = submissions.resolve().parent / rules.COURSE_FILE
    course = course or (beside if beside.is_file() else None)
    if course:
        rules.load(course)
    order = Order(submissions, out, seed, only, force, options.as_isolation(isolation), course)
    with download.opened(submissions, current().limits) as downloaded:
        remarks = downloaded.remarks
        found = layouts.class_entries(downloaded.folder, layout)
        if roster:
            found, unmatched = rosters.read(roster).complete(found)
            remarks = (*remarks, *unmatched)
        for remark in remarks:
            terminal.stderr().print(printable(remark, terminal.LONGEST_LINE), soft_wrap=True)
        code = carry_out(order, jobs, found, scheduler=scheduler)
    sys.exit(code)


def carry_out(
    order: Order,
    jobs: int | None,
    found: Sequence[Entry] | None = None,
    watching: Callable[[Watch], Watch] = lambda progress: progress,
    scheduler: str | None = None,
) -> int:
    """Run an order with its progress shown, print the class, and return the exit code.

    `found` is as in `pipeline.run`; `watching` puts somebody before the progress who wants to see the results as well; `scheduler` is the address
    of a Dask cluster that grades instead of this machine.
    """
    from grader import pipeline
    from grader.model import Status
    from grader.report import terminal
    from grader.report.progress import RunProgress

    progress = RunProgress(terminal.stderr())
    try:
        with _stoppable(), progress, _executor(order, jobs, scheduler) as executor:
            rows = pipeline.run(order, executor, watching(progress), found)
    except _StoppedError as stop:
        message = f"Interrupted: {progress.finished} of {progress.total} done. Run the same command again to continue."
        terminal.stderr().print(message, soft_wrap=True)
        return 128 + stop.number
    _print_class(rows, order, progress)
    return 1 if progress.graded[Status.FAULT] else 0


def _executor(order: Order, jobs: int | None, scheduler: str | None) -> LocalJobs | ClusterJobs:
    if scheduler:
        from grader.jobs.cluster import ClusterJobs

        return ClusterJobs(scheduler)
    from grader.jobs.local import LocalJobs, cores
    from grader.unit import current

    return LocalJobs(jobs or cores(), order.isolation, current().limits)


def _print_class(rows: list[Row], order: Order, progress: RunProgress) -> None:
    from rich.text import Text

    from grader.report import class_table, terminal
    from grader.report import progress as report
    from grader.unit import current

    console = terminal.stdout()
    shown = rows if len(rows) <= LONGEST_TABLE else [row for row in rows if row.status != "graded"][:LONGEST_TABLE]
    console.print(class_table.class_table(shown, current(), rows))
    console.print()
    if len(shown) < len(rows):
        console.print(f"{len(rows) - len(shown)} of {len(rows)} are not listed here; `grade show {order.out}` lists all", soft_wrap=True)
    console.print(report.tally(progress) + Text(f"  in {progress.seconds:.1f} s", "dim"), soft_wrap=True)
    if len(rows) > progress.total:
        console.print(
            f"{len(rows) - progress.total} earlier results in {order.out} belong to no submission of this folder; they were kept", soft_wrap=True
        )
    console.print(
        f"Grades in {order.out / 'grades.csv'}, results in {order.out / 'results'}; `grade show {order.out} NAME` shows one", soft_wrap=True
    )


class _StoppedError(BaseException):
    """A signal asked the run to stop. No `Exception`: nothing on the way may take it for an ordinary failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the first request to stop into an exception; while that is being honoured, further ones change nothing."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def ignore(number: int, _: FrameType | None) -> None:
        # Not SIG_IGN: Python complains on stderr about a signal that is on its way when that is set.
        pass

    def stop(number: int, _: FrameType | None) -> NoReturn:
        for each in numbers:
            signal.signal(each, ignore)
        raise _StoppedError(number)

    def lost(unraisable: sys.UnraisableHookArgs) -> None:
        # Raised inside a finalizer, whose exceptions Python drops: ask again, when that has returned.
        if isinstance(unraisable.exc_value, _StoppedError):
            for each in numbers:
                signal.signal(each, stop)
            Timer(0.1, os.kill, (os.getpid(), unraisable.exc_value.number)).start()
        else:
            hook(unraisable)

    hook, sys.unraisablehook = sys.unraisablehook, lost
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
