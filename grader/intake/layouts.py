"""Class folders as learning management systems make them.

Reads the names in a folder, and the files that an LMS wrote about them; opens no student's file. Each layout is a row of a table: how it is
recognised, and how it turns the folder into entries. A folder of no such layout is what it always was: one folder or archive per submission.

Formats, from the sources of these systems:

    canvas      files `{name}[_LATE]_{user id}_{attachment id}_{file name}`; several belong to one student; `-1` before the suffix: handed in again
    moodle      `{full name}_{participant}_assignsubmission_file_`, a folder, or the same in front of the name of a file
    gradescope  folders `submission_{id}` and `submission_metadata.yml`, which says who, when, and which group
    nbgrader    `submitted/{student}/{assignment}/`, with `timestamp.txt`
    github      clones of repositories `{assignment}-{user}`
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.errors import GraderError, UsageError
from grader.intake import gradescope
from grader.intake.choice import shown
from grader.intake.entries import Entry, as_text, entries, is_archive, listed
from grader.intake.folder import read_file
from grader.intake.members import Refused
from grader.intake.names import file_names
from grader.model import Origin, Person

CANVAS = re.compile(r"(?P<name>[^_].*?)(?P<late>_LATE|_late)?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
ANONYMOUS = re.compile(r"(?P<name>anon)(?P<late>_LATE|_late)?_(?P<user>[A-Za-z0-9]+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
# The first number counts: what follows it is the student's own choice, and may look like another student's.
MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?P<plugin>file|onlinetext)_?(?P<file>.*)", re.DOTALL)
AGAIN = re.compile(r"-(\d{1,3})(?=(?:\.tar)?\.\w+\Z)")
_TIMESTAMP_BYTES = 200
# What stands beside `submitted/` in a course of nbgrader, at least one of them: a student's folder may have that name as well.
_OF_A_COURSE = frozenset({"nbgrader_config.py", "gradebook.db", "source", "release", "autograded", "feedback"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A submission before it has a file name: what it wants to be called, its raw name, and the rest of an `Entry`.

    `apart` is put behind the wish where several have the same one; the raw name, if it is empty.
    """

    wish: str
    raw: str
    path: Path
    parts: tuple[tuple[str, Path], ...] = ()
    origin: Origin = field(default_factory=Origin)
    notes: tuple[str, ...] = ()
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A row of the table. `fits` gets the folder and its names (True: a file) and says how many of the names are of this layout."""

    fits: Callable[[Path, Mapping[str, bool]], int]
    found: Callable[[Path, Mapping[str, bool]], list[_Found]]


def class_entries(folder: Path, layout: str = "auto") -> list[Entry]:
    """The submissions of a class folder.

    Args:
        folder: where they are.
        layout: a name of LAYOUTS, 'plain', or 'auto': the layout that most of the names in the folder have.

    Raises:
        UsageError: the folder cannot be listed, is empty, or is not of the layout that was asked for.
    """
    names = listed(folder)
    chosen = detect(folder, names) if layout == "auto" else layout
    if chosen == "plain":
        return entries(folder)
    if not LAYOUTS[chosen].fits(folder, names):
        raise UsageError(f"{folder}: nothing in it is named as {chosen} names submissions; choose another --format, or leave it out")
    found = LAYOUTS[chosen].found(folder, names)
    if not found:
        raise UsageError(f"{folder}: holds no submission in the layout of {chosen}; name the folder that the download was unpacked to")
    return _named(found)


def detect(folder: Path, names: Mapping[str, bool]) -> str:
    """The layout that more than half of the names have; 'plain' if there is none."""
    return next((name for name, layout in LAYOUTS.items() if 2 * layout.fits(folder, names) > len(names)), "plain")


def _named(found: Sequence[_Found]) -> list[Entry]:
    """Of those who would be called alike everybody gets something behind the wish; what an LMS did not name keeps its own."""
    shared = Counter(one.wish for one in found)
    wishes = [one.wish if shared[one.wish] == 1 else f"{one.wish} ({one.apart or as_text(one.raw)})" for one in found]
    stems = file_names([(wish, os.fsencode(one.raw)) for wish, one in zip(wishes, found, strict=True)])
    return [Entry(one.path, wish, stem, one.parts, one.origin, one.notes) for one, wish, stem in zip(found, wishes, stems, strict=True)]


def _rest(folder: Path, names: Iterable[str]) -> list[_Found]:
    """What does not follow the layout is a submission all the same: one that can be read, or one that is rejected with a reason."""
    return [_Found(as_text(name), name, folder / name) for name in names]


# --- Canvas -----------------------------------------------------------------------------------------------------------------------------


def _canvas_name(name: str) -> re.Match[str] | None:
    return ANONYMOUS.fullmatch(name) or CANVAS.fullmatch(name)


def _canvas(folder: Path, names: Mapping[str, bool]) -> list[_Found]:
    files: dict[str, list[tuple[re.Match[str], str]]] = defaultdict(list)
    for name in names:
        match = _canvas_name(name)
        if match:
            files[match["user"]].append((match, name))
    found = []
    for user, own in files.items():
        first = own[0][0]
        parts, notes = _newest([(match["file"], int(match["attachment"]), folder / name) for match, name in own])
        late = any(match["late"] for match, _ in own)
        ids = {} if first["name"] == "anon" else {"canvas": user}
        origin = Origin((Person(as_text(first["name"]) if ids else "", ids),), late=late)
        found.append(_together(f"{as_text(first['name'])}_{user}", own[0][1], parts, origin, notes))
    return found + _rest(folder, [name for name in names if not _canvas_name(name)])


def _newest(files: Iterable[tuple[str, int, Path]]) -> tuple[list[tuple[str, Path]], list[str]]:
    """Of files that differ only in the number behind them, the one handed in last, under its first name; and remarks on the others."""
    attempts: dict[str, list[tuple[int, int, str, Path]]] = defaultdict(list)
    for name, attachment, path in files:
        again = AGAIN.search(name)
        attempts[AGAIN.sub("", name)].append((int(again[1]) if again else 0, attachment, name, path))
    parts, notes = [], []
    for name, several in attempts.items():
        *older, newest = sorted(several, key=lambda attempt: attempt[:2])
        parts.append((as_text(name), newest[3]))
        if older:
            earlier = ", ".join(shown(as_text(one[2])) for one in older[:3])
            notes.append(f"{shown(as_text(newest[2]))} counts as {shown(as_text(name))}, the earlier {earlier} not.")
        elif newest[0]:
            notes.append(f"{shown(as_text(newest[2]))} was handed in again and counts as {shown(as_text(name))}.")
    return parts, notes


def _together(wish: str, raw: str, parts: Sequence[tuple[str, Path]], origin: Origin, notes: Sequence[str]) -> _Found:
    """One archive is a submission by itself; anything else is a folder's worth of loose files."""
    if len(parts) == 1 and is_archive(parts[0][0]):
        return _Found(wish, raw, parts[0][1], (), origin, tuple(notes))
    return _Found(wish, raw, parts[0][1].parent, tuple(parts), origin, tuple(notes))


# --- Moodle -----------------------------------------------------------------------------------------------------------------------------


def _moodle(folder: Path, names: Mapping[str, bool]) -> list[_Found]:
    own: dict[str, list[tuple[re.Match[str], str]]] = defaultdict(list)
    for name in names:
        match = MOODLE.fullmatch(name)
        if match:
            own[match["user"]].append((match, name))
    # With blind marking everybody is called 'Participant', or what that is in the course's language.
    nobody = {match["name"] for several in own.values() for match, _ in several}
    found = []
    for user, several in own.items():
        # What was typed into Moodle's text field is no exercise file, but where there is nothing else it is what was handed in.
        files = [(match, name) for match, name in several if match["plugin"] == "file"] or several
        first = files[0][0]
        blind = first["name"] == "Participant" or (len(own) > 1 and len(nobody) == 1)
        origin = Origin((Person("" if blind else as_text(first["name"]), {"participant": user}),))
        wish = f"{as_text(first['name'])}_{user}"
        if names[files[0][1]]:
            parts = [(as_text(match["file"]), folder / name) for match, name in files if names[name]]
            found.append(_together(wish, files[0][1], parts, origin, ()))
        else:
            found.append(_Found(wish, files[0][1], folder / files[0][1], (), origin))
    return found + _rest(folder, [name for name in names if not MOODLE.fullmatch(name)])


# --- Gradescope -------------------------------------------------------------------------------------------------------------------------


def _gradescope(folder: Path, names: Mapping[str, bool]) -> list[_Found]:
    origins = gradescope.origins(folder / gradescope.METADATA)
    groups: dict[object, list[str]] = defaultdict(list)
    for name in names:
        if name != gradescope.METADATA:
            origin = origins.get(name)
            # Names are not enough to take two submissions for one person's: an anonymous export has none, and a class may have one twice.
            known = origin is not None and bool(origin.people) and all(person.ids for person in origin.people)
            who = frozenset(tuple(sorted(person.ids.items())) for person in origin.people) if origin and known else None
            groups[who or name].append(name)
    earliest = datetime.min.replace(tzinfo=UTC)
    found = []
    for several in groups.values():
        *older, newest = sorted(several, key=lambda name: origins[name].submitted or earliest if name in origins else earliest)
        origin = origins.get(newest, Origin())
        names_of_people = ", ".join(person.name for person in origin.people if person.name)
        notes = [f"{newest} counts, the earlier {', '.join(older[:3])} not."] if older else []
        if newest not in origins:
            notes.append(f"{gradescope.METADATA} says nothing of {shown(as_text(newest))}.")
        # Not the submission's number, which is another one whenever somebody hands in again.
        apart = ", ".join(next(iter(person.ids.values())) for person in origin.people if person.ids)
        found.append(_Found(names_of_people or as_text(newest), newest, folder / newest, (), origin, tuple(notes), apart))
    return found


# --- nbgrader ---------------------------------------------------------------------------------------------------------------------------


def _submitted(folder: Path, names: Mapping[str, bool]) -> Path | None:
    """The folder `submitted` of a course, which may itself have been named; None if this is no course: others call their folders so, too."""
    inside = names.get("submitted") is False
    if not inside and folder.resolve().name != "submitted":
        return None
    place, beside = (folder / "submitted", names) if inside else (folder, _handed_in(folder.resolve().parent))
    if beside.keys() & _OF_A_COURSE:
        return place
    return place if (len(names) == 1 or not inside) and _holds_one_assignment(place) else None


def _holds_one_assignment(submitted: Path) -> bool:
    """Whether every student has a folder with folders in it, one of them by the same name."""
    students = listed(submitted)
    own = [_handed_in(submitted / name) for name in students]
    return not any(students.values()) and not any(any(names.values()) for names in own) and bool(set.intersection(*map(set, own)))


def _nbgrader(folder: Path, names: Mapping[str, bool]) -> list[_Found]:
    submitted = _submitted(folder, names) or folder
    listing = listed(submitted)
    students = {name: _handed_in(submitted / name) for name, is_file in listing.items() if not is_file}
    assignments = sorted({assignment for own in students.values() for assignment, is_file in own.items() if not is_file})
    if len(assignments) > 1:
        raise UsageError(f"{submitted}: holds several assignments ({', '.join(map(as_text, assignments[:10]))}); copy the one to grade into a folder")
    found = []
    for student, own in students.items():
        if assignments and assignments[0] in own:
            place = submitted / student / assignments[0]
            origin = Origin((Person("", {"login": as_text(student)}),), _timestamp(place / "timestamp.txt"))
            found.append(_Found(as_text(student), student, place, (), origin))
    in_place = {one.raw for one in found}
    return found + _rest(submitted, [name for name, is_file in listing.items() if name not in in_place and (is_file or students[name])])


def _handed_in(student: Path) -> Mapping[str, bool]:
    """What lies in a student's folder; nothing, if it is empty or cannot be listed."""
    try:
        return listed(student)
    except UsageError:
        return {}


def _timestamp(path: Path) -> datetime | None:
    """The time that nbgrader noted ('2026-11-20 15:58:23.948203 UTC'), if it can be understood."""
    try:
        day, clock, *zone = read_file(str(path), _TIMESTAMP_BYTES).decode("utf-8").split()
        time = datetime.fromisoformat(f"{day} {clock}")
        return time if time.tzinfo else time.replace(tzinfo=ZoneInfo(zone[0]) if zone else UTC)
    except (Refused, GraderError, OSError, ValueError, OverflowError, ZoneInfoNotFoundError):
        return None


# --- GitHub -----------------------------------------------------------------------------------------------------------------------------


def _github(folder: Path, names: Mapping[str, bool]) -> list[_Found]:
    prefix = os.path.commonprefix(list(names)).rpartition("-")[0]  # noqa: RUF071  # of names, not of paths
    found = _rest(folder, names)
    users = [one.wish.removeprefix(f"{prefix}-") if prefix else one.wish for one in found]
    return [replace(one, origin=Origin((Person("", {"github": user}),))) for one, user in zip(found, users, strict=True)]


LAYOUTS: Mapping[str, Layout] = {
    "gradescope": Layout(
        lambda folder, names: (1 + sum(name.startswith("submission_") for name in names)) * (gradescope.METADATA in names), _gradescope
    ),
    "moodle": Layout(lambda folder, names: sum(bool(MOODLE.fullmatch(name)) for name in names), _moodle),
    "canvas": Layout(lambda folder, names: sum(is_file and bool(_canvas_name(name)) for name, is_file in names.items()), _canvas),
    "nbgrader": Layout(lambda folder, names: len(names) * (_submitted(folder, names) is not None), _nbgrader),
    "github": Layout(lambda folder, names: sum((folder / name / ".git").is_dir() for name in names), _github),
}
