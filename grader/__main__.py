"""Where the command begins, as `grade` and as `python -m grader`: Ctrl-C ends it without a traceback from here on, even while it is imported."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command `grade`."""
    try:
        from grader.cli import main as command  # takes a while, and may be interrupted

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
