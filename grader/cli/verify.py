"""`grade verify`: proves the unit."""

from __future__ import annotations

import sys

import rich_click as click

from grader import DEFAULT_SEED
from grader.cli import options


@click.command(epilog=options.examples("grade verify"))
@options.isolation
@click.option("--quick", is_flag=True, help="Leave out the bank of submissions, which takes a minute or two.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=DEFAULT_SEED, show_default=True, help="Seed of the random checks.")
def verify(isolation: str, seed: int, quick: bool) -> None:
    """Prove that catalogue, solutions, stubs and checks agree.

    Solutions get every point, stubs none, and the bank of right and wrong submissions is judged as it must be.

    For instructors, after each change of unit.toml, a solution or a check.

    Exit code: 0 all holds, 1 something does not.
    """
    from itertools import chain

    from rich.padding import Padding
    from rich.text import Text

    from grader.jobs.local import LocalJobs, cores
    from grader.report import terminal
    from grader.text import printable
    from grader.unit import current
    from grader.verify import bank_findings, findings

    options.warn(isolation)
    console, unit, holds = terminal.stdout(), current(), True
    wanted = options.as_isolation(isolation)
    with LocalJobs(cores(), wanted, unit.limits) as executor:
        stages = [findings] if quick else [findings, bank_findings]
        for finding in chain.from_iterable(stage(unit, executor, seed, wanted) for stage in stages):
            holds = holds and not finding.contradictions
            mark = Text("✗ ", "red") if finding.contradictions else Text("! ", "yellow") if finding.notes else Text("✓ ", "green")
            console.print(mark + Text(finding.sentence + (", but for these" if finding.notes else "")), soft_wrap=True)
            for line in finding.contradictions + finding.notes:
                console.print(Padding(Text(printable(line, terminal.LONGEST_LINE), "dim"), (0, 0, 0, 4)))
    sys.exit(0 if holds else 1)
