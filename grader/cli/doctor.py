"""`grade doctor`: what this machine can do."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import rich_click as click

from grader import __version__
from grader.cli import options

SHOWN = ("torch", "numpy", "pytest")


@click.command(epilog=options.examples("grade doctor"))
def doctor() -> None:
    """Say what this machine can do: versions, cores, and every layer of the sandbox with why it is missing and what would help.

    Ends by starting the sandbox and trying to break out of it.

    Exit code: 0 student code can be held here, 1 it cannot.
    """
    from rich.text import Text

    from grader.errors import SandboxUnavailable
    from grader.jobs.local import cores
    from grader.report import doctor as report
    from grader.report import terminal
    from grader.sandbox import jail
    from grader.sandbox.client import Sandbox
    from grader.unit import current

    console = terminal.stdout()
    machine = {"grade": __version__, "python": platform.python_version(), **{name: _version(name) for name in SHOWN}}
    console.print(report.facts(machine | {"system": f"{platform.system()} {platform.release()} {platform.machine()}", "cores": str(cores())}))
    console.print()
    console.print(report.layers((layer.name, layer.present, layer.required, layer.why, layer.fix) for layer in jail.survey()))
    console.print()
    try:
        with Sandbox(current(), "strict"):
            console.print(
                Text("✓ ", "green") + Text("student code can be held here: the sandbox started, and its trial break-out failed"), soft_wrap=True
            )
    except SandboxUnavailable as problem:
        console.print(Text("✗ ", "bold red") + Text(f"student code cannot be held here: {problem}"), soft_wrap=True)
        sys.exit(1)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
