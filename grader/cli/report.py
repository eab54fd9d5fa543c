"""`grade report`: pages for students and for staff."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(epilog=options.examples("grade report out"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--class-only", is_flag=True, help="Write the class report, and no student's feedback.")
def report(out: Path, class_only: bool) -> None:
    """Write the feedback of every student and the report on the class.

    OUT/feedback/<submission>.html is for the student; OUT/report.html, report.json and report.csv are for staff. Each page is one file and needs no
    network. They are made from what is stored; no student code is run. Points are final: with adjustments and the late policy.
    """
    from grader.checks.misconceptions import TABLE
    from grader.report import class_page, student_page, terminal
    from grader.results import desk
    from grader.results.store import stored_observed, write_file
    from grader.unit import current

    unit, console = current(), terminal.stdout()
    grades = desk.grades(out, unit)
    for grade in () if class_only else grades:
        page = student_page.page(grade, stored_observed(out, grade.result), unit)
        write_file(out / "feedback" / f"{grade.result.file_name}.html", page)
    written = {grade.result.file_name for grade in grades if (out / "feedback" / f"{grade.result.file_name}.html").is_file()}
    for name, content in class_page.files(grades, unit, {row.id: (row.says, row.look) for row in TABLE.values()}, written).items():
        write_file(out / name, content)
    if not class_only:
        console.print(f"feedback for {len(grades)} submissions in {out / 'feedback'}", soft_wrap=True)
    console.print(f"class report in {out / 'report.html'} (numbers in report.json and report.csv)", soft_wrap=True)
