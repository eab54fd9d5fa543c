"""What feedback shows of a submission besides its result: the student's own source text, and pictures that checks attached.

Reads and returns bytes and records; touches no file. Everything is cleaned and bounded here, on the way in; nothing of it decides a point.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from grader.model import Curve, Listing, Observed, Picture, Result, Source, Submission
from grader.results.document import UNREADABLE, finite
from grader.text import printable

SCHEMA = 1
EXERCISE_CHARACTERS = 65_536
LINE_CHARACTERS = 500
MOST_CELLS = 200
TAB = 4
# Where Python, unlike `str.splitlines`, ends a line of source text.
_LINE_END = re.compile(r"\r\n|\r|\n")


def observe(submission: Submission, judged: Result) -> Observed:
    """What is to be kept of a submission that was judged, in whole or in part."""
    listings = {name: _listings(program.source) for name, program in submission.programs.items()}
    pictures = {check.name: check.picture for exercise in judged.exercises for check in exercise.checks if check.picture is not None}
    return Observed(listings, pictures)


def encode_observed(observed: Observed, earlier: Observed, result: Result) -> bytes:
    """The document, with the earlier pictures of checks that still stand as they were: failed, and without a picture of their own now."""
    pictures = {
        check.name: picture
        for exercise in result.exercises
        for check in exercise.checks
        if check.points < check.max_points and (picture := observed.pictures.get(check.name) or earlier.pictures.get(check.name))
    }
    table = {
        "schema": SCHEMA,
        "submission_sha256": result.submission_sha256,
        "listings": {name: [asdict(listing) for listing in listings] for name, listings in observed.listings.items()},
        "pictures": {name: asdict(picture) for name, picture in pictures.items()},
    }
    return (json.dumps(table, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


def decode_observed(document: bytes, result: Result) -> Observed:
    """What is in a document; nothing, if it is none or belongs to another version of the submission."""
    try:
        table = json.loads(document)
        if (table["schema"], table["submission_sha256"]) != (SCHEMA, result.submission_sha256):
            return Observed()
        listings = {str(name): tuple(map(_listing, entries)) for name, entries in table["listings"].items()}
        return Observed(listings, {str(name): _picture(entry) for name, entry in table["pictures"].items()})
    except UNREADABLE:
        return Observed()


def _listings(source: Source) -> tuple[Listing, ...]:
    if isinstance(source.code, bytes):
        return (_shown(source.path, source.code[: 4 * EXERCISE_CHARACTERS].decode("utf-8", "replace"), EXERCISE_CHARACTERS),)
    listings, left = [], EXERCISE_CHARACTERS
    for number, cell in enumerate(source.code[:MOST_CELLS], 1):
        if cell.strip() and left > 0:
            listings.append(_shown(f"{source.path}, cell {number}", cell, left))
            left -= len(cell)
    return tuple(listings)


def _shown(place: str, text: str, room: int) -> Listing:
    lines = _LINE_END.split(text[:room].removesuffix("\n"))
    return Listing(place, tuple(map(_clean, lines)), cut=len(text) > room)


def _clean(line: str) -> str:
    """Most lines are clean, and telling so is ten times faster than cleaning them."""
    line = line.expandtabs(TAB)
    return line if len(line) <= LINE_CHARACTERS and line.isascii() and line.isprintable() else printable(line, LINE_CHARACTERS)


def _listing(entry: dict[str, Any]) -> Listing:
    return Listing(str(entry["place"]), tuple(map(str, entry["lines"])), bool(entry["cut"]))


def _picture(entry: dict[str, Any]) -> Picture:
    curves = tuple(Curve(str(curve["label"]), _numbers(curve["x"]), _numbers(curve["y"])) for curve in entry["curves"])
    caption, x_label, bars = (str(entry[key]) for key in ("caption", "x_label", "bars"))
    return Picture(caption, x_label, bars, _numbers(entry["edges"]), _numbers(entry["heights"]), curves)


def _numbers(values: list[Any]) -> tuple[float, ...]:
    return tuple(map(finite, values))
