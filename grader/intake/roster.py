"""The roster: a CSV file of staff's, by which ids get names and other ids.

Any list with a header will do that an LMS exports: Canvas's gradebook, Moodle's worksheet, GitHub Classroom's roster, or one's own. A column
`submission` says which submission is whose; several rows that name the same one are a group. A column `submitted` gives the time, in ISO 8601, where
the layout of the folder tells none.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import UsageError
from grader.intake.entries import Entry
from grader.model import Person
from grader.text import printable

CELL_CHARACTERS = 200
Index = Mapping[str, list[Mapping[str, str]]]
# What a column may be called, in lower case with single spaces, and the kind of id that stands in it.
COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("name", "full name", "student", "student name", "display name", "roster name"), "name"),
    **dict.fromkeys(("canvas", "canvas id", "canvas user id"), "canvas"),
    **dict.fromkeys(("sis", "sis user id", "id number", "student id", "student number", "sid", "matriculation number"), "sis"),
    **dict.fromkeys(("login", "sis login id", "username", "user name", "login id"), "login"),
    **dict.fromkeys(("email", "email address", "e-mail"), "email"),
    **dict.fromkeys(("identifier", "participant", "moodle"), "participant"),
    **dict.fromkeys(("github", "github username", "github user"), "github"),
    "id": "id",
    "submission": "submission",
    "submitted": "submitted",
}
# In Moodle's worksheet an id is 'Participant 17', in the language of whoever downloaded it: one word for all, with a number behind it.
_PARTICIPANT = re.compile(r"(\D*[^\W\d]\s+)(\d+)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows of the file: cells by kind."""

    rows: Sequence[Mapping[str, str]]

    def complete(self, found: Sequence[Entry]) -> tuple[list[Entry], list[str]]:
        """The entries with what the roster knows of them, and remarks on those that it does not know or that fit several rows."""
        index: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        for row in self.rows:
            for key in {_key(value) for kind, value in row.items() if kind not in ("name", "submitted", "submission")}:
                index[key].append(row)
        groups: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        for row in self.rows:
            if "submission" in row:
                groups[_key(row["submission"])].append(row)
        users = _users([_key(entry.name) for entry in found if any("github" in person.ids for person in entry.origin.people)], index)
        entries, remarks = [], []
        for entry in found:
            rows = groups.get(_key(entry.name)) or groups.get(_key(entry.file_name)) or []
            people = [_person(row, Person()) for row in rows]
            for person in entry.origin.people or (Person(entry.name),) if not rows else ():
                fitting = _fitting(person, entry, index, users)
                if len(fitting) == 1:
                    people.append(_person(fitting[0], person))
                    rows += fitting
                else:
                    people.append(person)
                    label = printable(person.name or entry.name, CELL_CHARACTERS)
                    remarks.append(f"{label}: {'fits several rows of' if fitting else 'is not in'} the roster")
            time = next((time for row in rows if (time := _time(row.get("submitted", "")))), None)
            origin = replace(entry.origin, people=tuple(people) if rows or entry.origin.people else (), submitted=entry.origin.submitted or time)
            entries.append(replace(entry, origin=origin))
        return entries, remarks


def read(path: Path) -> Roster:
    """Read a roster.

    Raises:
        UsageError: it is no CSV file, or has no column that is known.
    """
    try:
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        header, *lines = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)] or [[]]
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as a CSV file with a header ({error})") from error
    kinds = [COLUMNS.get(" ".join(title.replace("_", " ").casefold().split())) for title in header]
    # In Canvas's gradebook the column ID is Canvas's own.
    if "id" in kinds and any("sis" in title.casefold() for title in header):
        kinds = ["canvas" if kind == "id" else kind for kind in kinds]
    # Titles come in many languages, and Moodle's German 'ID' is known elsewhere for something else: what stands below an open one counts, too.
    found = [_kind_by_content(lines, column) if kind in (None, "id") else None for column, kind in enumerate(kinds)]
    if not {*kinds, *found} - {None, "name", "submitted"}:
        known = ", ".join(title for title, kind in COLUMNS.items() if kind not in ("name", "submitted"))
        raise UsageError(f"{path}: has no column with ids; rename the one that holds them (in a copy). Known titles are {known}")
    rows = [_row(kinds, line) | _row(found, line) for line in lines]
    return Roster([row for row in rows if row])


def _row(kinds: Sequence[str | None], line: Sequence[str]) -> dict[str, str]:
    return {kind: _id(kind, cell) for kind, cell in zip(kinds, line, strict=False) if kind is not None and cell.strip()}


def _kind_by_content(lines: Sequence[Sequence[str]], column: int) -> str | None:
    """What a column holds, whatever its title: Moodle's participants, email addresses, or nothing that can be told."""
    cells = [line[column].strip() for line in lines if column < len(line) and line[column].strip()]
    if cells and all(map(_EMAIL.fullmatch, cells)):
        return "email"
    participants = [match for cell in cells if (match := _PARTICIPANT.fullmatch(cell))]
    return "participant" if len(participants) == len(cells) and len({match[1] for match in participants}) == 1 else None


def _id(kind: str, cell: str) -> str:
    text = printable(cell.strip(), CELL_CHARACTERS)
    match = _PARTICIPANT.fullmatch(text) if kind == "participant" else None
    return match[2] if match else text


def _fitting(person: Person, entry: Entry, index: Index, users: Mapping[str, Collection[str]]) -> list[Mapping[str, str]]:
    """The rows that one of somebody's ids leads to; of somebody without ids, those that the submission's name leads to."""
    keys = users[_key(entry.name)] if "github" in person.ids else set(map(_key, person.ids.values())) or {_key(entry.name)}
    rows: list[Mapping[str, str]] = []
    for key in keys:
        rows += [row for row in index.get(key, ()) if row not in rows and _same_kind(row, person, key)]
    return rows


def _same_kind(row: Mapping[str, str], person: Person, key: str) -> bool:
    """Whether the id stands in a column of its own kind, where both say what kind it is."""
    kinds = {kind for kind, value in person.ids.items() if _key(value) == key}
    columns = {kind for kind, value in row.items() if _key(value) == key}
    return not kinds or "id" in columns or bool(kinds & columns)


def _users(names: Sequence[str], index: Index) -> Mapping[str, Collection[str]]:
    """Who the repositories of a class may belong to.

    A user stands behind the assignment's name, and both may have hyphens. Where one ends and the other begins is the same for the whole class: where
    the roster knows most users. Were each repository looked at by itself, `hw1-x-bob` would be Bob's.
    """
    pieces = {name: name.split("-") for name in names}
    longest = min(map(len, pieces.values()), default=1) - 1
    cuts = [cut for cut in range(longest + 1) if len({tuple(each[:cut]) for each in pieces.values()}) == 1]
    known = {cut: sum("-".join(each[cut:]) in index for each in pieces.values()) for cut in cuts}
    likely = [cut for cut in cuts if known[cut] == max(known.values()) > 0]
    return {name: ["-".join(each[cut:]) for cut in likely] for name, each in pieces.items()}


def _person(row: Mapping[str, str], person: Person) -> Person:
    ids = {kind: value for kind, value in row.items() if kind not in ("name", "submission", "submitted", "id")}
    return Person(row.get("name") or person.name, {**person.ids, **ids})


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _key(text: str) -> str:
    return text.strip().casefold()
