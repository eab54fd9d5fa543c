"""`grade adjust`: points by hand."""

from __future__ import annotations

import getpass
from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(
    epilog=options.examples(
        "grade adjust out s01 --exercise kl --points +2 --comment 'right idea, typo in the name'",
        "grade adjust out s01 --undo",
        "grade adjust out",
    )
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("submission", required=False)
@click.option("--exercise", metavar="EXERCISE", help="The exercise that the points belong to.")
@click.option("--points", type=float, metavar="N", help="Points to add; negative ones are taken away.")
@click.option("--comment", default="", metavar="TEXT", help="Why; the student reads it.")
@click.option("--by", metavar="NAME", help="Who decided.  [default: your login]")
@click.option("--undo", is_flag=True, help="Take back the last adjustment of the submission (or of its --exercise).")
def adjust(out: Path, submission: str | None, exercise: str | None, points: float | None, comment: str, by: str | None, undo: bool) -> None:
    """Add points to a submission, or take some away; without SUBMISSION, list what was adjusted.

    Adjustments are kept in OUT/adjustments.toml, apart from the results: grading again loses none. They show in feedback, report and exports;
    results and grades.csv keep the points as judged.
    """
    from grader.errors import UsageError
    from grader.report import adjustments as report
    from grader.report import terminal
    from grader.results import adjustments, desk
    from grader.results.store import stored_result
    from grader.unit import current

    unit = current()
    if submission is None:
        terminal.stdout().print(report.table(desk.grades(out, unit)))
        return
    result = stored_result(out, submission, unit)
    author = by or _login()
    if undo:
        adjustments.undo(out, result.file_name, exercise, comment, author)
    else:
        if exercise is None or points is None or not comment:
            raise UsageError("an adjustment needs --exercise, --points and --comment (or --undo)")
        if exercise not in {one.name for one in unit.exercises}:
            raise UsageError(f"there is no exercise {exercise!r}; the exercises are {', '.join(one.name for one in unit.exercises)}")
        if exercise not in {one.name for one in result.exercises}:
            raise UsageError(f"{submission}: {exercise} was not judged yet; run `grade run` first")
        adjustments.adjust(out, result.file_name, exercise, points, comment, author)
    terminal.stdout().print(report.table([grade for grade in desk.grades(out, unit) if grade.result.file_name == result.file_name]))


def _login() -> str:
    from grader.errors import UsageError

    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        # In a container there may be a user id without an account. Python tells of it with an OSError from 3.13 on.
        raise UsageError("nobody can tell who you are: your user id has no account here; name yourself with --by") from error
