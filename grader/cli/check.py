"""`grade check`: the public checks, for students."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(epilog=options.examples("grade check", "grade check my-exercises --only kl"))
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--only", multiple=True, metavar="EXERCISE", help="Check this exercise only; may be repeated.")
def check(directory: Path, only: tuple[str, ...]) -> None:
    """Run the public checks on your own work.

    DIR is the folder that holds kl.py, sampler.py and so on; by default the one you are in. Your code runs as yourself, without a sandbox. The
    checks that give points ask for more than these.

    Exit code: 0 all pass, 1 some do not, 2 there is nothing to check.
    """
    from grader import public_checks
    from grader.report import public_checks as report
    from grader.report import terminal
    from grader.unit import current

    checks = public_checks.run(directory, current(), only)
    report.show(checks, terminal.stdout())
    sys.exit(1 if any(check.problem for check in checks) else 0)
