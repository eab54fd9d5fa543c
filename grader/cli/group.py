"""The command and its subcommands; turns the grader's own errors into a line on stderr and an exit code."""

from __future__ import annotations

import errno
import os
from typing import Any

import click as plain_click
import rich_click as click

from grader import __version__
from grader.cli import options
from grader.cli.adjust import adjust
from grader.cli.check import check
from grader.cli.demo import demo
from grader.cli.doctor import doctor
from grader.cli.export import export
from grader.cli.nbgrader import nbgrader
from grader.cli.release import release
from grader.cli.report import report
from grader.cli.run import run
from grader.cli.show import show
from grader.cli.verify import verify
from grader.cli.visualize import visualize
from grader.errors import GraderError, UsageError


class _Grade(click.RichGroup):
    """A group whose commands may raise `GraderError`, and whose errors are a line each."""

    def invoke(self, ctx: plain_click.Context) -> Any:
        _open_standard_descriptors()
        try:
            _demand_a_working_folder()
            return super().invoke(ctx)
        except plain_click.UsageError as problem:
            command = problem.ctx.command_path if problem.ctx else "grade"
            _say(f"{problem.format_message().rstrip('.')}; see `{command} --help`")
            ctx.exit(2)
        except GraderError as problem:
            _say(str(problem))
            ctx.exit(2 if isinstance(problem, UsageError) else 1)
        except OSError as problem:
            if problem.errno == errno.EPIPE:
                raise  # click ends the command without a word: who listened has heard enough
            _say(f"{problem.filename or 'the output'}: {problem.strerror or problem}; see to it, and run the same command again")
            _fall_silent()
            ctx.exit(1)
        except KeyboardInterrupt:
            _say("interrupted")
            ctx.exit(130)


def _open_standard_descriptors() -> None:
    """Where one was closed by whoever started this, the next file opened would get its number, and hear what libraries say on stderr."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _demand_a_working_folder() -> None:
    try:
        os.getcwd()  # noqa: PTH109  # pathlib's does more
    except OSError as error:
        raise UsageError(f"the working folder is gone or cannot be reached ({error.strerror}); `cd` to one that exists") from error


def _fall_silent() -> None:
    from grader.report import terminal

    terminal.stdout().on_broken_pipe()


def _say(message: str) -> None:
    from grader.report import terminal  # only when there is something to say

    terminal.stderr().print(terminal.error(message), soft_wrap=True)


@click.group(
    cls=_Grade,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=options.examples("grade demo", "grade run submissions -o out", "grade check"),
)
@click.version_option(__version__, "--version", prog_name="grade", message="%(prog)s %(version)s")
def main() -> None:
    """Grade the exercises on the reparameterization trick: a whole class, sandboxed, with one command."""


for _command in (run, show, report, adjust, export, demo, check, release, nbgrader, visualize, verify, doctor):
    main.add_command(_command)
