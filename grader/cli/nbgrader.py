"""`grade nbgrader`: courses that live in nbgrader."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from grader.cli import options
from grader.cli.run import carry_out

ASSIGNMENT = "reparameterization"


@click.group(
    epilog=options.examples(
        "grade nbgrader init course", "cd course", f"nbgrader generate_assignment {ASSIGNMENT}", "grade nbgrader autograde .", "nbgrader export"
    )
)
def nbgrader() -> None:
    """Use the unit in an nbgrader course: its workflow and gradebook, with our sandbox and checks."""


@nbgrader.command(epilog=options.examples("grade nbgrader init course", "grade nbgrader init course --assignment week7"))
@click.argument("course", type=click.Path(path_type=Path, file_okay=False))
@click.option("--assignment", default=ASSIGNMENT, show_default=True, metavar="NAME", help="What the assignment is called in the course.")
@click.option("--force", is_flag=True, help="Overwrite this unit's notebooks where they exist.")
@click.option("--plain", is_flag=True, help="Ordinary hidden tests, for a course that nbgrader has to grade alone: weaker.")
def init(course: Path, assignment: str, force: bool, plain: bool) -> None:
    """Make COURSE an nbgrader course with this unit in it, or add the unit to the course that is there.

    Writes COURSE/source/NAME/*.ipynb with the pictures they show, and adds a few lines to COURSE/nbgrader_config.py. What exists is left alone.
    """
    from grader.nbgrader import course as courses
    from grader.report import terminal

    courses.require_nbgrader()
    written, kept = courses.init(course, assignment, force=force, plain=plain)
    console = terminal.stdout()
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True)
    for path in kept:
        console.print(f"left  {path}, which exists", soft_wrap=True)
    console.print(f"Next, in {course}: nbgrader generate_assignment {assignment}", soft_wrap=True)


@nbgrader.command(epilog=options.examples("grade nbgrader autograde course", "grade nbgrader autograde course week7"))
@click.argument("course", type=click.Path(path_type=Path, file_okay=False))
@click.argument("assignment", required=False)
@options.jobs
@click.option("--force", is_flag=True, help="Grade again what has not changed, too.")
def autograde(course: Path, assignment: str | None, jobs: int | None, force: bool) -> None:
    """Grade all that lies in COURSE/submitted, and enter it as `nbgrader autograde` does: same points, same feedback, faster.

    ASSIGNMENT has to be named if nbgrader_config.py has several graded by this package.

    Results are kept in COURSE/results/ASSIGNMENT, as `grade run` leaves them. Run again, it grades only what changed; interrupted, it goes on from
    there. Seed and isolation are those of `c.UnitGrading` in nbgrader_config.py.

    Exit code: 0 done, 1 the grader failed at a submission, 2 wrong usage, 130 interrupted, 143 terminated.
    """
    from grader.nbgrader.course import require_nbgrader

    require_nbgrader()
    from grader.earlier_names import keeping_names
    from grader.nbgrader.autograde import Bookkeeper, Course
    from grader.pipeline import Order
    from grader.report import terminal

    place = Course(course, assignment)
    options.warn(place.grading.isolation)
    submitted = Path(place.directory.root) / place.directory.submitted_directory
    order = Order(submitted, place.results, place.grading.seed, (), force, options.as_isolation(place.grading.isolation))
    with place.gradebook() as gradebook:
        found = keeping_names(place.entries(), place.results)
        code = carry_out(order, jobs, found, lambda progress: Bookkeeper(place, gradebook, found, progress))
    if code <= 1:
        terminal.stdout().print(f"Entered into the gradebook. Next, in {course}: nbgrader generate_feedback {place.assignment}", soft_wrap=True)
    sys.exit(code)


@nbgrader.command(epilog=options.examples("grade nbgrader push out --course course"))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--course", type=click.Path(path_type=Path, file_okay=False), required=True, help="The course whose gradebook is written.")
@click.option("--assignment", metavar="NAME", help="The assignment.  [default: the one that nbgrader_config.py names, if it is one]")
def push(out: Path, course: Path, assignment: str | None) -> None:
    """Enter the results of a `grade run` into a course's gradebook; each submission's name is taken for the student's id.

    Manual scores, comments and extra credit stay. Faults are left out.
    """
    from grader.nbgrader.course import require_nbgrader

    require_nbgrader()
    from grader.nbgrader.autograde import Course
    from grader.nbgrader.push import enter
    from grader.report import terminal

    entered, left_out = enter(out, Course(course, assignment))
    terminal.stdout().print(f"{entered} submissions entered" + (f", {left_out} faults left out" if left_out else ""), soft_wrap=True)
    sys.exit(1 if left_out else 0)
