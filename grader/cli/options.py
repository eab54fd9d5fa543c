"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.text import Text

if TYPE_CHECKING:
    from grader.results.context import Isolation

Command = Callable[..., Any]


class Place(click.Path):
    """A path that is not empty: a shell variable that is not set must not stand for the folder in which the command is run."""

    def __init__(self) -> None:
        """As `pathlib.Path`."""
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click's."""
        if value == "":
            self.fail("is empty", param, ctx)
        return super().convert(value, param, ctx)


def examples(*commands: str) -> Text:
    """The lines below a command's help that can be copied and run."""
    return Text("\n".join(f"{'' if number else 'Example:':<10}{command}" for number, command in enumerate(commands)), "dim")


def isolation(command: Command) -> Command:
    """`--isolation`, passed on as `isolation`."""
    return click.option(
        "--isolation",
        type=click.Choice(["strict", "process"]),
        default="strict",
        show_default=True,
        help="'strict' demands every layer of the sandbox; 'process' makes do with a process of its own, for work that you trust.",
    )(command)


def jobs(command: Command) -> Command:
    """`-j`, passed on as `jobs`; None stands for all cores."""
    return click.option(
        "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Submissions graded at a time.  [default: the cores there are]"
    )(command)


def warn(isolation: str) -> None:
    """Say in red what weaker isolation means."""
    if isolation == "process":
        from grader.report import terminal

        warning = "warning: --isolation process: student code runs with your rights; it can read, write and connect wherever you can"
        terminal.stderr().print(Text(warning, "bold red"), soft_wrap=True)


def as_isolation(name: str) -> Isolation:
    """The option's value as the type the grader knows."""
    return "process" if name == "process" else "strict"
