"""`grade release`: what students get."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from grader.cli import options


@click.command(epilog=options.examples("grade release student-kit", "grade release --check"))
@click.argument("destination", metavar="[DEST]", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; say whether exercises/ is what its sources make of it.")
def release(destination: Path | None, check: bool) -> None:
    """Write the student kit to DEST and DEST.zip: stubs, notebooks, handout, interactive page, public checks.

    Nothing of the solutions or hidden checks is in it: each file is searched for them first.

    Without DEST, in a clone: make exercises/ anew from solutions/ and unit.toml.

    Exit code: 0 done or in sync, 1 out of sync or something would leak, 2 wrong usage.
    """
    from grader import release as releasing
    from grader.errors import UsageError
    from grader.report import terminal

    console = terminal.stdout()
    if check and destination is not None:
        raise UsageError("--check looks at exercises/ and takes no DEST; leave one of them out")
    if check:
        lines = releasing.drift()
        for line in lines:
            console.print(line, soft_wrap=True)
        console.print("exercises/ is in sync" if not lines else f"{len(lines)} files are out of sync", soft_wrap=True)
        sys.exit(1 if lines else 0)
    if destination is None:
        changed = releasing.write_exercises()
        for path in changed:
            console.print(f"wrote {path}", soft_wrap=True)
        console.print(f"{len(changed)} files changed" if changed else "exercises/ was in sync", soft_wrap=True)
    else:
        *files, archive = releasing.build_kit(destination)
        console.print(f"{len(files)} files in {destination}; searched for lines of the solutions and hidden checks, none found", soft_wrap=True)
        console.print(f"the same in {archive}", soft_wrap=True)
