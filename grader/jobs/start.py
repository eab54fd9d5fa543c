"""Where a job begins: what it cannot load, the executor is told in a line, and its terminal sees no traceback."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

from grader.errors import GraderError


def main() -> None:
    """Entry point; the arguments are those of `job.main`."""
    try:
        from grader.jobs import job  # NumPy and pytest come with it
    except Exception as problem:  # noqa: BLE001  # a package may fail to load in any way
        why = f"a grading process cannot load what it needs ({type(problem).__name__}: {problem})"
        Connection(int(sys.argv[1])).send(GraderError(f"{why}; install the package again into this environment"))
    else:
        job.main()
