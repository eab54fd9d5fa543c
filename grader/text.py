"""Makes text that others chose fit to be shown on one line: names of files, messages of exceptions, whatever a submission says.

Reads and returns text; knows nothing of where it goes. Escaping for HTML, CSV or JSON is the business of whoever writes those.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\ufffd"
ELLIPSIS = "…"

# A terminal obeys these; the text between an operating system command and its end (a window title, a link's target) is no part of what is said.
_ANSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]")

# Unicode calls these letters, marks or symbols, yet they draw nothing: two names that differ only in them look the same.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

# Only so many times the limit is looked at, so that cleaning a text of megabytes for a line of output costs nothing.
_LOOK_AHEAD = 8


def printable(text: str, limit: int) -> str:
    """One line of at most `limit` characters (at least 1) that is safe to show.

    ANSI escape sequences and characters that draw nothing (zero-width, bidirectional marks and overrides, soft hyphens) are removed; line
    breaks, tabs and unusual spaces become one space each; other control characters, lone surrogates and unassigned code points become U+FFFD.
    Ordinary Unicode is kept. What is cut off leaves an ellipsis.
    """
    looked_at = text[: limit * _LOOK_AHEAD]
    cut = len(looked_at) < len(text)
    shown = _BLANK.sub("", _ANSI.sub("", looked_at))
    if not shown.isprintable():
        shown = "".join(map(_shown, shown))
    if cut or len(shown) > limit:
        shown = shown[: limit - 1] + ELLIPSIS
    return shown


def printable_lines(text: str, limit: int) -> str:
    """The same for a message of several lines: `limit` characters in all, line feeds included; other line ends become line feeds."""
    lines = [printable(line, limit) if line else "" for line in text[: limit * _LOOK_AHEAD].splitlines()]
    shown = "\n".join(lines)
    return shown if len(shown) <= limit else shown[: limit - 1] + ELLIPSIS


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) == "Cf" else REPLACEMENT
