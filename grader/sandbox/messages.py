"""What a student is told when there is no value to judge. A table of sentences: what happened, and what to look at next.

Everything that comes from the worker is hostile text; it is cleaned and cut here, and nowhere shown without passing through here. A function
that is called with hidden inputs could raise them: numbers with digits behind the point, and what looks like encoded data, are left out of what it
says, all numbers where there are many, and the lines of its source are read from the submission as it was handed in.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from grader.model import Outcome, Program
from grader.observation import StudentFault
from grader.text import printable
from grader.unit import PACKAGE

SENTENCES: dict[str, tuple[Outcome, str]] = {
    "file_missing": (Outcome.MISSING, "There is no {exercise}.py (or {exercise}.ipynb) in the submission."),
    "file_unusable": (Outcome.MISSING, "{exercise}.py could not be used: {detail}"),
    "missing": (
        Outcome.MISSING,
        "{path} defines no `{function}`. Check the spelling, and that the definition is not indented inside something else.{detail}",
    ),
    "not_implemented": (Outcome.NOT_IMPLEMENTED, "`{function}` still raises NotImplementedError.{detail}"),
    "error": (Outcome.ERROR, "`{function}` raised {detail}"),
    "load_error": (
        Outcome.ERROR,
        "{path} could not be loaded, so none of its functions could be called: {detail}\nRun `python {path}` before handing in.",
    ),
    "memory": (
        Outcome.CRASHED,
        "`{function}` asked for more than the {memory} MiB of memory a submission may use. Look for an array that grows with every step.",
    ),
    "load_memory": (Outcome.CRASHED, "Loading {path} asked for more than the {memory} MiB of memory a submission may use."),
    "timeout": (Outcome.TIMEOUT, "`{function}` did not return within {seconds:g} s and was stopped. Look for a loop that never ends."),
    "timeout_before": (Outcome.TIMEOUT, "`{function}` was stopped after {seconds:g} s in an earlier check and is not called again."),
    "load_timeout": (
        Outcome.TIMEOUT,
        "{path} did not finish loading within {seconds:g} s and was stopped. Only definitions belong at the top level of the file.",
    ),
    "budget": (Outcome.TIMEOUT, "The submission had used up its {seconds:g} s before `{function}` could be called."),
    "budget_during": (Outcome.TIMEOUT, "The submission had used up its {seconds:g} s while `{function}` ran."),
    "crashed": (Outcome.CRASHED, "The process died while `{function}` ran ({detail}). Nothing it did before counts."),
    "load_crashed": (Outcome.CRASHED, "The process died while {path} was loaded ({detail})."),
    "protocol": (Outcome.CRASHED, "`{function}` wrote to something that is not its own, and its process was stopped."),
    "forbidden": (
        Outcome.FORBIDDEN,
        "`{function}` used autograd. This exercise is the backward pass by hand: write the derivatives out; torch may only calculate.",
    ),
}

# Memory addresses, which differ from run to run while a result is the same every time; numbers that may be hidden inputs; long runs of hexadecimal
# digits, of letters mixed with digits, and of escaped bytes, which may spell them.
LEFT_OUT = re.compile(
    r"0x[0-9a-f.]{4,}(?:p[+-]?\d+)?|\d+\.\d+(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|\d+\.?e[+-]?\d+|\d{7,}"
    r"|(?:\\x[0-9a-f]{2}){2,}|\b(?=[A-Za-z+/]*[0-9])[A-Za-z0-9+/=]{20,}",
    re.IGNORECASE,
)
# Where Python, its packages and this one lie is nobody's business.
PLACES = re.compile("|".join(re.escape(place) for place in sorted({sys.prefix, sys.base_prefix, str(PACKAGE.parent)}, key=len, reverse=True)))
# Shapes, sizes and indices take fewer; more than these may be an input spelled digit by digit.
MOST_DIGITS = 12
LONGEST_TEXT = 400
# Python refuses to read a number of thousands of digits, which a traceback may name for a cell.
LONGEST_NUMBER = 8
MOST_FRAMES = 4
# Every exception has its lines looked up: in megabytes that would take the trusted process longer than the call.
LONGEST_SOURCE = 1 << 20


def fault(sentence: str, **words: Any) -> StudentFault:
    """The exception for one row of the table."""
    outcome, template = SENTENCES[sentence]
    return StudentFault(outcome, template.format(**{"detail": "", **words}))


def exception_text(answer: dict[str, Any], program: Program) -> str:
    """An exception as the worker described it: type, message, and the student's own lines. Every part is untrusted."""
    kind = clean(answer.get("type"), 80) or "an exception"
    text = clean(answer.get("text"), LONGEST_TEXT)
    lines = [f"{kind}: {text}" if text else kind]
    frames = answer.get("frames")
    for frame in (frames if isinstance(frames, list) else [])[-MOST_FRAMES:]:
        if isinstance(frame, tuple) and len(frame) == 3:
            lines += _frame(*frame, program)
    return "\n".join(lines)


def _frame(place: Any, number: Any, function: Any, program: Program) -> list[str]:
    """One line of a traceback, or none: the worker may only point at the submission, not say what stands there."""
    source = _source_at(place, program)
    if source is None or not isinstance(number, int) or not isinstance(function, str):
        return []
    rows = source.splitlines()
    row = printable(rows[number - 1].strip(), 160) if 1 <= number <= len(rows) else ""
    within = f", in {function}" if function and (function in source and function.isidentifier()) else ""
    return [f"  {printable(place, 120)}, line {number}{within}{f':  {row}' if row else ''}"]


def _source_at(place: Any, program: Program) -> str | None:
    """The text of a file of the submission, or of one cell of a notebook (`kl.ipynb, cell 3`); of one that is far too long, nothing."""
    path, _, cell = place.rpartition(", cell ") if isinstance(place, str) else ("", "", "")
    for source in (program.source, *program.modules.values()):
        if isinstance(source.code, bytes):
            if place == source.path:
                return source.code.decode("utf-8", "replace") if len(source.code) <= LONGEST_SOURCE else ""
        elif path == source.path and len(cell) < LONGEST_NUMBER and cell.isdecimal() and 1 <= int(cell) <= len(source.code):
            text = source.code[int(cell) - 1]
            return text if len(text) <= LONGEST_SOURCE else ""
    return None


def clean(text: Any, limit: int) -> str:
    """Untrusted text for display, without what could be a hidden input."""
    if not isinstance(text, str):
        return ""
    shown = printable(LEFT_OUT.sub("…", PLACES.sub("…", text[: limit * 8])), limit)
    if sum(map(str.isnumeric, shown)) <= MOST_DIGITS:
        return shown
    return re.sub("…+", "…", "".join("…" if character.isnumeric() else character for character in shown))
