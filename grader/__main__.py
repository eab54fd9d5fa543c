"""Where the command begins, as `grade` and as `python -m grader`: Ctrl-C ends it without a traceback from here on, even while it is imported."""

from __future__ import annotations

import os
import sys

from grader.interpreter import ONE_THREAD

INTERRUPTED = 130


def main() -> None:
    """Run the command `grade`."""
    _speak_utf_8()
    for name, value in ONE_THREAD.items():
        # This process computes little. Where a user may have few threads, one that OpenBLAS cannot start looks like Ctrl-C.
        os.environ.setdefault(name, value)
    try:
        from grader.cli import main as command  # takes a while, and may be interrupted

        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _speak_utf_8() -> None:
    """Start over in Python's UTF-8 mode where the locale knows fewer letters than students have, and would spell files in other bytes."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606  # this very command


if __name__ == "__main__":
    main()
