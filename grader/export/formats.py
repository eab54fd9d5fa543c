"""The table of formats: what each is called on the command line, and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.export import canvas, gradescope, junit, moodle, plain
from grader.export.request import Export, Request

FORMATS: Mapping[str, Callable[[Request], Export]] = {
    "canvas": canvas.export,
    "moodle-worksheet": moodle.worksheet,
    "moodle-gradebook": moodle.gradebook,
    "gradescope": gradescope.export,
    "junit": junit.export,
    "csv": plain.as_csv,
    "json": plain.as_json,
}
