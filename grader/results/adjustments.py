"""Points by hand: the file `OUT/adjustments.toml`, to which staff add and from which nothing is ever removed.

It is kept apart from the results, so that grading again loses nothing. An entry is a table of its own, numbered from 1; taking one back adds an
entry that names the number. The file is plain text that can be read, and with care edited, by hand: an entry that goes takes its number along, and
no later one gets it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.model import Adjustment
from grader.results.store import write_file
from grader.text import printable

ADJUSTMENTS_FILE = "adjustments.toml"
HEADER = "# Points by hand. Written by `grade adjust`, which adds to it and removes nothing; an entry with `undoes` takes another back.\n"
COMMENT_CHARACTERS = 1_000
NAME_CHARACTERS = 200
MOST_POINTS = 1_000.0
SENSIBLE = f"a number between -{MOST_POINTS:g} and {MOST_POINTS:g} that is not 0"


def standing(out: Path) -> list[Adjustment]:
    """The adjustments that were not taken back, in the order in which they were made.

    Raises:
        UsageError: the file was damaged; the message names it and the entry.
    """
    entries = _entries(out)
    undone = {entry["undoes"] for entry in entries if "undoes" in entry}
    made = []
    for entry in entries:
        if "undoes" in entry or entry["number"] in undone:
            continue
        try:
            made.append(_adjustment(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{out / ADJUSTMENTS_FILE}: entry number {entry['number']} lacks or misspells {error}; correct it by hand") from error
    return made


def adjust(out: Path, submission: str, exercise: str, points: float, comment: str, by: str) -> Adjustment:
    """Add points to an exercise of a submission, named by the stem of its result's file, or with negative points take some away.

    Raises:
        UsageError: the points are no sensible number, or the file cannot be written or was damaged.
    """
    if not _is_sensible(points):
        raise UsageError(f"{points:g} points: must be {SENSIBLE}")
    with _held(out):
        entry = _entry(_next_number(_entries(out)), submission, by, comment) | {"exercise": exercise, "points": float(points)}
        _append(out, entry)
    return _adjustment(entry)


def undo(out: Path, submission: str, exercise: str | None, comment: str, by: str) -> Adjustment:
    """Take back the last adjustment of a submission, or of one of its exercises, that stands.

    Raises:
        UsageError: there is none, or the file cannot be written or was damaged.
    """
    with _held(out):
        of_it = [one for one in standing(out) if one.submission == submission and exercise in (None, one.exercise)]
        if not of_it:
            raise UsageError(f"{submission}: has no adjustment{f' of {exercise}' if exercise else ''} that could be undone")
        _append(out, _entry(_next_number(_entries(out)), submission, by, comment) | {"undoes": of_it[-1].number})
    return of_it[-1]


def _is_sensible(points: float) -> bool:
    return points != 0 and abs(points) <= MOST_POINTS


def _next_number(entries: list[dict[str, Any]]) -> int:
    """One that no entry has, nor takes back: entries that were removed by hand leave gaps, and what took them back must not meet a new one."""
    return max((value for entry in entries for value in (entry["number"], entry.get("undoes", 0))), default=0) + 1


def _entry(number: int, submission: str, by: str, comment: str) -> dict[str, Any]:
    return {
        "number": number,
        "submission": submission,
        "by": printable(by, NAME_CHARACTERS),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "comment": printable(comment, COMMENT_CHARACTERS),
    }


def _adjustment(entry: dict[str, Any]) -> Adjustment:
    texts = {key: str(entry[key]) for key in ("submission", "exercise", "comment", "by", "time")}
    points = entry["points"]
    if type(points) not in (int, float) or not _is_sensible(points):
        raise ValueError(f"points: {points!r:.40} must be {SENSIBLE}")
    return Adjustment(number=entry["number"], points=float(points), **texts)


def _entries(out: Path) -> list[dict[str, Any]]:
    path = out / ADJUSTMENTS_FILE
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("adjustment", [])
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as TOML: {error}; correct it by hand, nothing was changed") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{path}: holds no list of [[adjustment]] tables; correct it by hand, nothing was changed")
    _demand_numbers(entries, path)
    return entries


def _demand_numbers(entries: list[dict[str, Any]], path: Path) -> None:
    """With two entries of one number, taking one back would take both."""
    seen: set[int] = set()
    for place, entry in enumerate(entries, 1):
        for key, value in (("number", entry.get("number")), ("undoes", entry.get("undoes", 0))):
            # To Python True is 1, and would stand for another entry.
            if type(value) is not int:
                found = f"is {value!r:.40}" if key in entry else "is missing"
                raise UsageError(
                    f"{path}: entry {place} from the top: {key} {found}, must be a whole number; correct it by hand, nothing was changed"
                )
        if entry["number"] in seen:
            way_out = "give one of them a number that no other has, and correct the `undoes` that means it"
            raise UsageError(f"{path}: two entries have the number {entry['number']}; {way_out}, nothing was changed")
        seen.add(entry["number"])


def _append(out: Path, entry: dict[str, Any]) -> None:
    """TOML's basic strings and numbers are JSON's, once control characters are gone and nothing is written as a pair of surrogates."""
    path = out / ADJUSTMENTS_FILE
    text = path.read_text(encoding="utf-8") if path.exists() else HEADER
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
    write_file(path, "\n".join([text.rstrip("\n"), "", "[[adjustment]]", *lines, ""]).encode())


@contextlib.contextmanager
def _held(out: Path) -> Iterator[None]:
    """One writer at a time; a run that is grading there does not stand in the way."""
    try:
        with (out / ".adjustments.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror}); name the folder that `grade run ... -o` wrote to") from error
