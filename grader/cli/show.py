"""`grade show`: results in the terminal."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(
    epilog=options.examples(
        "grade show out", "grade show out s01 --failed", "grade show out --misconceptions", "grade show out --json | jq '.grades[].score'"
    )
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("submission", required=False)
@click.option("--failed", is_flag=True, help="Only what lost points.")
@click.option("--misconceptions", is_flag=True, help="The known mistakes, most frequent first, with what to say about them.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, with final points, for scripts.")
def show(out: Path, submission: str | None, failed: bool, misconceptions: bool, as_json: bool) -> None:
    """Show a class, or with SUBMISSION what one student gets to read.

    OUT is the folder that `grade run` wrote to. The tables show points as judged; where staff adjusted some, or work was late, the final ones follow.
    """
    from grader.export.plain import as_json as json_of
    from grader.export.request import Request
    from grader.report import adjustments, class_table, feedback, terminal
    from grader.results import desk
    from grader.results.grades import row
    from grader.results.store import stored_result
    from grader.unit import current

    unit, console = current(), terminal.stdout()
    everyone = grades = desk.grades(out, unit)
    if submission is not None:
        wanted = stored_result(out, submission, unit).file_name
        grades = [grade for grade in grades if grade.result.file_name == wanted]
    if failed:
        grades = [grade for grade in grades if submission or grade.result.score is None or grade.result.score < grade.max_score]
    if as_json:
        (document,) = json_of(Request(grades, unit)).files.values()
        click.echo(document, nl=False)
        return
    if misconceptions:
        from grader.checks.misconceptions import TABLE
        from grader.report import misconceptions as report

        console.print(report.table(grades, unit, {known.id: (known.says, known.look) for known in TABLE.values()}))
        return
    if submission is None:
        rows, all_rows = ([row(grade.result, unit) for grade in some] for some in (grades, everyone))
        console.print(class_table.class_table(rows, unit, all_rows))
    else:
        feedback.show(grades[0].result, console, failed_only=failed)
    decided = [grade for grade in grades if grade.adjustments or grade.lateness]
    if decided:
        console.print()
        console.print(adjustments.table(decided))
