"""What a student is told when there is no value to judge. A table of sentences: what happened, and what to look at next.

Everything that comes from the worker is hostile text; it is cleaned and cut here, and nowhere shown without passing through here.
"""

from __future__ import annotations

import re
from typing import Any

from grader.model import Outcome
from grader.observation import StudentFault
from grader.text import printable

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

ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")
LONGEST_TEXT = 400
MOST_FRAMES = 4


def fault(sentence: str, **words: Any) -> StudentFault:
    """The exception for one row of the table."""
    outcome, template = SENTENCES[sentence]
    return StudentFault(outcome, template.format(**{"detail": "", **words}))


def exception_text(answer: dict[str, Any]) -> str:
    """An exception as the worker described it: type, message, the student's own lines. Every part is untrusted."""
    kind = clean(answer.get("type"), 80) or "an exception"
    text = clean(answer.get("text"), LONGEST_TEXT)
    lines = [f"{kind}: {text}" if text else kind]
    frames = answer.get("frames")
    for frame in (frames if isinstance(frames, list) else [])[-MOST_FRAMES:]:
        if isinstance(frame, tuple) and len(frame) == 4 and isinstance(frame[1], int):
            path, number, function, line = clean(frame[0], 120), frame[1], clean(frame[2], 80), clean(frame[3], 160)
            lines.append(f"  {path}, line {number}{f', in {function}' if function else ''}{f':  {line}' if line else ''}")
    return "\n".join(lines)


def clean(text: Any, limit: int) -> str:
    """Untrusted text for display. Memory addresses go: they differ from run to run, and a result is the same every time."""
    return printable(ADDRESS.sub("0x…", text), limit) if isinstance(text, str) else ""
