"""`grade export`: grades for a learning management system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from click.core import ParameterSource
from click.globals import get_current_context

from grader.cli import options

if TYPE_CHECKING:
    from grader.results.course import Course

# The options that each makes use of. Any other is refused: whoever gave it would believe that it had been heeded.
FORMATS = {
    "canvas": ("output", "template", "assignment", "out_of", "bonus"),
    "moodle-worksheet": ("output", "template", "out_of", "bonus"),
    "moodle-gradebook": ("output", "template", "assignment", "out_of", "bonus"),
    "gradescope": ("output", "out_of", "bonus", "course"),
    "junit": ("output",),
    "csv": ("output", "out_of", "bonus"),
    "json": ("output", "out_of", "bonus"),
}
ELSEWHERE = {"gradescope-autograder": ("course", "isolation"), "github-actions": ("isolation",)}


@click.command(
    epilog=options.examples(
        "grade export out --to canvas --template gradebook.csv --assignment 'Reparameterization (4711)'",
        "grade export out --to moodle-worksheet --template worksheet.csv",
        "grade export out --to json",
        "grade export --to gradescope-autograder autograder",
    )
)
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Choice([*FORMATS, *ELSEWHERE]), help="Who is to read it, or to grade.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="PATH", help="File to write, or folder to write into.  [default: OUT/exports]"
)
@click.option(
    "--template", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CSV", help="A fresh export of the LMS, to fill in."
)
@click.option("--assignment", metavar="TITLE", help="The assignment, or the column, that gets the points.")
@click.option("--out-of", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Convert the points to this maximum.")
@click.option("--bonus", is_flag=True, help="Add the bonus points to the score.")
@click.option("--course", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TOML", help="Who sees which check on Gradescope.")
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

    --to gradescope shows each check to whom the course.toml in OUT says, or the file given by --course; lateness is always OUT's.

    --to gradescope-autograder writes OUT/autograder.zip, to be uploaded to Gradescope; --to github-actions writes OUT/.github/workflows/grade.yml.
    These grade with this very package; --isolation says what they demand of the machine there.
    """
    _demand_heeded(target)
    if target in ELSEWHERE:
        _elsewhere(out, target, course, isolation)
    else:
        _grades(out, target, output, template, assignment, out_of, bonus, course)


def _demand_heeded(target: str) -> None:
    from grader.errors import UsageError

    heeded = {**FORMATS, **ELSEWHERE}
    context = get_current_context()
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if given and isinstance(option, click.Option) and option.name not in ("target", *heeded[target]):
            users = ", ".join(name for name, options_of_it in heeded.items() if option.name in options_of_it)
            raise UsageError(f"{'/'.join(option.opts)}: means nothing to {target}, only to {users}; leave it out")


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


def _grades(
    out: Path,
    target: str,
    output: Path | None,
    template: Path | None,
    assignment: str | None,
    out_of: float | None,
    bonus: bool,
    course: Path | None,
) -> None:
    from grader.export.formats import FORMATS
    from grader.export.request import Request
    from grader.export.tables import read
    from grader.report import terminal
    from grader.results import desk
    from grader.results.store import write_file
    from grader.text import printable
    from grader.unit import current

    rules = _rules(out, course)
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
        place = output if output and len(made.files) == 1 and not output.is_dir() else (output or out / "exports") / name
        write_file(place, content)
        terminal.stdout().print(f"wrote {place}", soft_wrap=True)


def _rules(out: Path, given: Path | None) -> Course:
    from grader.errors import UsageError
    from grader.results import course

    stored = course.load(out / course.COURSE_FILE)
    if given is None:
        return stored
    rules = course.load(given)
    if rules.late and rules.late != stored.late:
        # The points are final by OUT's rules in report and feedback, too: an export alone must not say otherwise.
        raise UsageError(f"{given}: its [late] is not that of {out}; give the file to `grade run ... --course` first, or leave [late] out")
    return rules
