"""Another Python process that runs this very package: not one that is installed besides, and none that lies in some folder on the way."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
# Where the package lies is searched for the package alone: a site-packages at the front of the search path would hide the standard library.
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); import grader; del sys.path[0]; from {module} import main; main()"


# For the libraries that NumPy and torch compute with.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def running(module: str) -> tuple[str, ...]:
    """What to put behind the interpreter and its options so that it calls a module's `main`; arguments for that may follow."""
    return "-c", START.format(module=module), str(HOME)
