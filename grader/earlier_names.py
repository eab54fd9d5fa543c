"""Between intake and results: whoever has a result in OUT keeps the name it is stored under, whatever else has come into the class since.

File names are made unique within a class, so that a newcomer could push somebody else to another one, away from that one's result and adjustments.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.intake import Entry
from grader.intake.names import is_safe, key_of, substitute
from grader.model import Origin
from grader.results.store import stored_at, stored_origins


def keeping_names(found: Sequence[Entry], out: Path) -> list[Entry]:
    """The same entries; whoever has a result in OUT goes on to be called so: by the ids of an LMS, or else under its own name."""
    by_ids = {ids: name for name, origin in stored_origins(out).items() if (ids := _ids(origin)) and is_safe(name)}
    holders = {key_of(entry.file_name): entry for entry in found}
    settled = list(found)
    for position, entry in enumerate(found):
        name = _earlier_name(entry, by_ids.pop(_ids(entry.origin), entry.file_name), out)
        holder = holders.get(key_of(name))
        if name != entry.file_name and (holder is None or not _is_result_of(holder, holder.file_name, out)):
            _settle(settled, position, name)
    return settled


def _earlier_name(entry: Entry, by_ids: str, out: Path) -> str:
    """What an entry's result was called before; `by_ids`: what somebody's was who has the entry's ids."""
    if entry.name == entry.file_name == by_ids or _is_result_of(entry, entry.file_name, out):
        return entry.file_name
    if by_ids != entry.file_name and stored_at(out, by_ids):
        return by_ids
    return entry.name if is_safe(entry.name) and _is_result_of(entry, entry.name, out) else entry.file_name


def _is_result_of(entry: Entry, file_name: str, out: Path) -> bool:
    before = stored_at(out, file_name)
    return before is not None and before.submission == entry.name


def _ids(origin: Origin) -> frozenset[tuple[tuple[str, str], ...]]:
    """Whose a submission is; empty where an LMS does not say so of everybody."""
    people = [tuple(sorted(person.ids.items())) for person in origin.people]
    return frozenset(people) if all(people) else frozenset()


def _settle(entries: list[Entry], position: int, name: str) -> None:
    """Give an entry a file name; another entry that has it gets a substitute."""
    entries[position] = replace(entries[position], file_name=name)
    taken = {key_of(other.file_name) for other in entries}
    for place, other in enumerate(entries):
        if place != position and key_of(other.file_name) == key_of(name):
            entries[place] = replace(other, file_name=substitute(other.name, os.fsencode(other.name), taken))
