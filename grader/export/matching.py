"""Which row of a template belongs to which submission. Ids are compared as they are; nothing is guessed, and what remains open is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.export.tables import Table
from grader.model import Grade, Person
from grader.text import printable

NAME_CHARACTERS = 120
MOST_REMARKS = 200


@dataclass(frozen=True, slots=True)
class Identity:
    """A column by which an importer knows people: its title, the kind of id in it ('name' for names), and what stands before the id there."""

    column: str
    kind: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """For the places of rows, the grade that belongs there; and what could not be matched."""

    grades: Mapping[int, Grade]
    remarks: tuple[str, ...]


def match(table: Table, identities: Sequence[Identity], grades: Sequence[Grade]) -> Matching:
    """Join the rows of a template with submissions.

    Somebody's row is the one that all of their ids lead to; names count where no id leads anywhere, and where two people share none. A submission
    of which only the name is known (a plain folder) is looked for by that name in every column. Whoever leads to several rows, and a row to which
    several lead, are left out and reported, as are rows and people that nothing was found for.
    """
    index = {identity: _index(table, identity) for identity in identities}
    wanted: dict[int, list[Grade]] = defaultdict(list)
    remarks = []
    for grade, person in _people(grades):
        places = _places(grade, person, index)
        label = printable(person.name or grade.result.submission, NAME_CHARACTERS)
        if len(places) == 1:
            wanted[places.pop()].append(grade)
        elif places:
            remarks.append(f"{label}: fits {len(places)} rows of {table.name}, so that none was filled")
        else:
            remarks.append(f"{label}: no row of {table.name} has an id of theirs")
    for place, several in wanted.items():
        if len(several) > 1:
            names = ", ".join(printable(grade.result.submission, NAME_CHARACTERS) for grade in several)
            remarks.append(f"{table.name}: row {place + 2} fits {len(several)} submissions ({names}), so that it was not filled")
    matched = {place: several[0] for place, several in wanted.items() if len(several) == 1}
    remarks += [
        f"{table.name}: row {place + 2} ({_row_name(table, identities, place)}) has no submission"
        for place in range(len(table.rows))
        if place not in wanted and _row_name(table, identities, place)
    ]
    return Matching(
        matched, tuple(remarks[:MOST_REMARKS]) + ((f"... and {len(remarks) - MOST_REMARKS} more",) if len(remarks) > MOST_REMARKS else ())
    )


def _people(grades: Sequence[Grade]) -> Iterator[tuple[Grade, Person]]:
    for grade in grades:
        for person in grade.origin.people or (Person(),):
            yield grade, person


def _places(grade: Grade, person: Person, index: Mapping[Identity, Mapping[str, list[int]]]) -> set[int]:
    by_id: set[int] = set()
    by_name: set[int] = set()
    for identity, places in index.items():
        if not person.name and not person.ids:
            by_id |= set(places.get(_key(grade.result.submission), ()))
        elif identity.kind == "name":
            by_name |= set(places.get(_key(person.name), ()))
        elif identity.kind in person.ids:
            by_id |= set(places.get(_key(person.ids[identity.kind]), ()))
    return by_id or by_name


def _index(table: Table, identity: Identity) -> dict[str, list[int]]:
    column = table.column(identity.column)
    found: dict[str, list[int]] = defaultdict(list)
    if column is not None:
        for place, row in enumerate(table.rows):
            key = _key(row[column].strip().removeprefix(identity.prefix))
            if key and not is_heading(row):
                found[key].append(place)
    return found


def _key(text: str) -> str:
    """Case means nothing in an email address, a login or a name."""
    return text.strip().casefold()


def is_heading(row: Sequence[str]) -> bool:
    """Canvas states the points possible in a row that looks like a student's. It has no id, as a student of that name would have."""
    return row[0].strip().casefold() == "points possible" and not row[1].strip()


def _row_name(table: Table, identities: Sequence[Identity], place: int) -> str:
    """Whose row it is: the name where the template has one, and the first id."""
    row = table.rows[place]
    names_first = sorted(identities, key=lambda identity: identity.kind != "name")
    columns = [column for identity in names_first if (column := table.column(identity.column)) is not None]
    cells = list(dict.fromkeys(row[column].strip() for column in columns if row[column].strip()))
    return "" if is_heading(row) else printable(", ".join(cells[:2]), NAME_CHARACTERS)
