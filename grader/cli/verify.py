"""`grade verify`: proves the unit."""

from __future__ import annotations

import sys

import rich_click as click

from grader.cli import options
from grader.cli.run import DEFAULT_SEED


@click.command(epilog=options.examples("grade verify"))
@options.isolation
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=DEFAULT_SEED, show_default=True, help="Seed of the random checks.")
def verify(isolation: str, seed: int) -> None:
    """Prove that catalogue, solutions, stubs and checks agree: solutions get every point, stubs none, every check runs.

    For instructors, after each change of unit.toml, a solution or a check.

    Exit code: 0 all holds, 1 something does not.
    """
    from rich.padding import Padding
    from rich.text import Text

    from grader.jobs.local import LocalJobs, cores
    from grader.report import terminal
    from grader.text import printable
    from grader.unit import current
    from grader.verify import findings

    options.warn(isolation)
    console, unit, holds = terminal.stdout(), current(), True
    wanted = options.as_isolation(isolation)
    with LocalJobs(min(2, cores()), wanted, unit.limits) as executor:
        for finding in findings(unit, executor, seed, wanted):
            holds = holds and not finding.contradictions
            console.print((Text("✗ ", "red") if finding.contradictions else Text("✓ ", "green")) + Text(finding.sentence), soft_wrap=True)
            for line in finding.contradictions:
                console.print(Padding(Text(printable(line, terminal.LONGEST_LINE), "dim"), (0, 0, 0, 4)))
    sys.exit(0 if holds else 1)
