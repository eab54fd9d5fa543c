"""`grade show`: results in the terminal."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(epilog=options.examples("grade show out", "grade show out s01"))
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("submission", required=False)
def show(out: Path, submission: str | None) -> None:
    """Show a class, or with SUBMISSION what one student gets to read.

    OUT is the folder that `grade run` wrote to.
    """
    from grader.report import class_table, feedback, terminal
    from grader.results.store import stored_result, stored_rows
    from grader.unit import current

    unit = current()
    if submission is None:
        terminal.stdout().print(class_table.class_table(stored_rows(out, unit), unit))
    else:
        feedback.show(stored_result(out, submission, unit), terminal.stdout())
