"""`grade demo`: a small class, graded."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(epilog=options.examples("grade demo"))
@click.argument("folder", metavar="[FOLDER]", type=click.Path(path_type=Path), default="demo-class")
@options.jobs
@options.isolation
def demo(folder: Path, jobs: int | None, isolation: str) -> None:
    """Make a small class in FOLDER (default: demo-class), grade it, and show what came of it.

    In it: right work, typical mistakes, a syntax error, a crash, an endless loop, empty stubs, notebooks, archives, a hostile name.
    """
    from rich.rule import Rule

    from grader.cli.run import carry_out
    from grader.demo import EXAMPLE, build_class
    from grader.pipeline import Order
    from grader.report import feedback, terminal
    from grader.results.store import stored_result
    from grader.unit import current

    options.warn(isolation)
    submissions, out = build_class(folder, current()), folder / "out"
    console = terminal.stdout()
    console.print(f"$ grade run {submissions} -o {out}", soft_wrap=True)
    code = carry_out(Order(submissions, out, isolation=options.as_isolation(isolation)), jobs)
    if (out / "results" / f"{EXAMPLE}.json").exists():
        console.print(Rule(style="dim"))
        console.print(f"$ grade show {out} {EXAMPLE}", soft_wrap=True)
        feedback.show(stored_result(out, EXAMPLE, current()), console)
    sys.exit(code)
