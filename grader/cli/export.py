"""`grade export`: grades for a learning management system."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from grader.cli import options

FORMATS = ("canvas", "moodle-worksheet", "moodle-gradebook", "gradescope", "junit", "csv", "json")
ELSEWHERE = ("gradescope-autograder", "github-actions")


@click.command(
    epilog=options.examples(
        "grade export out --to canvas --template gradebook.csv --assignment 'Reparameterization (4711)'",
        "grade export out --to moodle-worksheet --template worksheet.csv",
        "grade export out --to json",
        "grade export --to gradescope-autograder autograder",
    )
)
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Choice(FORMATS + ELSEWHERE), help="Who is to read it, or to grade.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PATH", help="File to write (a folder for several).  [default: OUT/exports]")
@click.option(
    "--template", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CSV", help="A fresh export of the LMS, to fill in."
)
@click.option("--assignment", metavar="TITLE", help="The assignment, or the column, that gets the points.")
@click.option("--out-of", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Convert the points to this maximum.")
@click.option("--bonus", is_flag=True, help="Add the bonus points to the score.")
@click.option(
    "--course", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TOML", help="Who sees which check, for the autograder."
)
@options.isolation
def export(
    out: Path,
    target: str,
    output: Path | None,
    template: Path | None,
    assignment: str | None,
    out_of: float | None,
    bonus: bool,
    course: Path | None,
    isolation: str,
) -> None:
    """Write the grades in OUT as another program reads them.

    Points are final: with adjustments and, where a course.toml has a late policy, with its penalty. With --template, ids are matched as they are,
    rows and submissions that find no partner are listed, and nothing is guessed.

    --to gradescope-autograder writes OUT/autograder.zip, to be uploaded to Gradescope; --to github-actions writes OUT/.github/workflows/grade.yml.
    These grade with this very package; --isolation says what they demand of the machine there.
    """
    if target in ELSEWHERE:
        _elsewhere(out, target, course, isolation)
    else:
        _grades(out, target, output, template, assignment, out_of, bonus)


def _elsewhere(destination: Path, target: str, course: Path | None, isolation: str) -> None:
    from grader.export import autograder
    from grader.report import terminal
    from grader.results import course as rules
    from grader.results.store import write_file

    options.warn(isolation)
    if course:
        rules.load(course)
    if target == "github-actions":
        place, content = destination / ".github" / "workflows" / "grade.yml", autograder.github_workflow(isolation)
    else:
        place, content = destination / "autograder.zip", autograder.gradescope_archive(isolation, course.read_bytes() if course else b"")
    write_file(place, content)
    terminal.stdout().print(f"wrote {place}", soft_wrap=True)


def _grades(out: Path, target: str, output: Path | None, template: Path | None, assignment: str | None, out_of: float | None, bonus: bool) -> None:
    from grader.errors import UsageError
    from grader.export.formats import FORMATS, WITH_TEMPLATE
    from grader.export.request import Request
    from grader.export.tables import read
    from grader.report import terminal
    from grader.results import course, desk
    from grader.results.store import write_file
    from grader.text import printable
    from grader.unit import current

    if template and target not in WITH_TEMPLATE:
        raise UsageError(f"--template is for {', '.join(WITH_TEMPLATE)}; leave it out")
    rules = course.load(out / course.COURSE_FILE)
    made = FORMATS[target](
        Request(
            grades=desk.grades(out, current()),
            unit=current(),
            template=read(template.read_bytes(), template.name) if template else None,
            assignment=assignment,
            out_of=out_of,
            bonus=bonus,
            visibility=rules.visibility,
            checks=rules.checks,
        )
    )
    for remark in made.remarks:
        terminal.stderr().print(printable(remark, terminal.LONGEST_LINE), soft_wrap=True)
    for name, content in made.files.items():
        place = output if output and len(made.files) == 1 else (output or out / "exports") / name
        write_file(place, content)
        terminal.stdout().print(f"wrote {place}", soft_wrap=True)
