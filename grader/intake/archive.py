"""Lists the files of an archive held in memory, under limits on their number, their total size and how far they were compressed.

The two formats only enumerate; every rule about names, kinds and limits is here, once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.intake.members import SEARCH_FACTOR, Listing, Member, Place, Refused, Rejected, is_ignored, mebibytes
from grader.unit import Limits

# No system opens a longer path, and splitting one of megabytes into its parts would cost a hundred times its size.
_NAME_CHARACTERS = 4096
# The standard library makes and removes folders recursively.
DEEPEST = 250

_LEAVE_OUT = "leave out data and environments, and pack the exercise files again"


@dataclass(frozen=True, slots=True)
class Packed:
    """One entry of an archive, as it calls itself. `refusal` says why an entry that is neither file nor folder is not taken."""

    name: str
    size: int
    read: Callable[[int], bytes]
    is_folder: bool = False
    refusal: str | None = None


def collect(packed: Iterable[Packed], archive_size: int, limits: Limits) -> Listing:
    """Sort an archive's entries into a listing; of several of the same name the last counts, as it does for every unpacker.

    Raises:
        Rejected: too many files, or they unpack to more than the limits allow.
    """
    listing = Listing()
    found: dict[Place, Member] = {}
    copies: Counter[Place] = Counter()
    total = 0
    for number, entry in enumerate(packed, start=1):
        if number > SEARCH_FACTOR * limits.archive_members:
            raise Rejected(too_many(limits))
        try:
            place = _place(entry.name)
        except Refused as reason:
            listing.refused.append((entry.name, str(reason)))
            continue
        if not place or is_ignored(place if entry.is_folder else place[:-1]):
            continue
        if entry.is_folder:
            listing.folders.add(place)
            continue
        total += max(entry.size, 0)
        _check_total(total, archive_size, limits)
        if entry.refusal is not None:
            listing.refused.append(("/".join(place), entry.refusal))
            continue
        copies[place] += 1
        found[place] = Member(place, entry.size, entry.read)
        if len(found) > limits.archive_members:
            raise Rejected(too_many(limits))
    listing.members = list(found.values())
    listing.remarks = [f"{'/'.join(place)} is in the archive {count} times. The last one counts." for place, count in copies.items() if count > 1]
    return listing


def too_many(limits: Limits) -> str:
    """The reason for rejecting an archive of more files than the limit."""
    return f"The archive holds more than {limits.archive_members:,} files: {_LEAVE_OUT}."


def too_big(limits: Limits) -> str:
    """The reason for rejecting an archive of more bytes than the limit."""
    return f"The archive unpacks to more than {mebibytes(limits.archive_bytes)}: {_LEAVE_OUT}."


def check_ratio(unpacked: int, packed: int, limits: Limits) -> None:
    """Refuse what is compressed far better than source code can be: raises Rejected. Up to the size of one source any ratio will do."""
    if unpacked > limits.source_bytes and unpacked > limits.archive_ratio * packed:
        raise Rejected(f"The archive unpacks to more than {limits.archive_ratio} times its size, which no source code does: {_LEAVE_OUT}.")


def _check_total(total: int, archive_size: int, limits: Limits) -> None:
    if total > limits.archive_bytes:
        raise Rejected(too_big(limits))
    check_ratio(total, archive_size, limits)


def _place(name: str) -> Place:
    """Where a member lies inside the archive. Some Windows packers separate by backslashes, which makes them separators here."""
    if len(name) > _NAME_CHARACTERS:
        raise Refused("its name is too long")
    if "\0" in name:
        raise Refused("its name holds a NUL character")
    path = name.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        raise Refused("its path is absolute")
    place = tuple(part for part in path.split("/") if part not in {"", "."})
    if ".." in place:
        raise Refused("its path leads upwards with '..'")
    if len(place) > DEEPEST:
        raise Refused("it lies in too many folders")
    return place
