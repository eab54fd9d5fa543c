"""Decides which file is a submission's answer to an exercise: contract, section 3, 'Submissions accepted'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from grader.intake.entries import is_archive
from grader.intake.members import Listing, Member
from grader.text import ELLIPSIS, printable

PATH_CHARACTERS = 100

_SHOWN = 3


def shown(path: str) -> str:
    """A path inside a submission as messages show it; of a long one the end, which is the file's name."""
    clean = printable(path[-2 * PATH_CHARACTERS :], 2 * PATH_CHARACTERS)
    return clean if len(clean) <= PATH_CHARACTERS else ELLIPSIS + clean[1 - PATH_CHARACTERS :]


def path_of(member: Member) -> str:
    """The member's place inside the submission, as messages show it."""
    return shown("/".join(member.place))


def choose(exercise: str, members: Sequence[Member]) -> tuple[Member | None, str | None]:
    """The file that counts for an exercise, and a message: which others do not count, or, where none does, why.

    Args:
        exercise: the exercise's name.
        members: all files called `<exercise>.py` or `<exercise>.ipynb` that are not refused, in any order.
    """
    scripts = [member for member in members if member.name == f"{exercise}.py"]
    pool = scripts or members
    if not pool:
        return None, None
    depth = min(len(member.place) for member in pool)
    nearest = [member for member in pool if len(member.place) == depth]
    if len(nearest) > 1:
        return None, f"{_enumerated(nearest)} are equally near the top, so that none of them counts. Keep one."
    rest = [member for member in members if member is not nearest[0]]
    if not rest:
        return nearest[0], None
    return nearest[0], f"{path_of(nearest[0])} counts, {_enumerated(rest)} not: a .py goes before a notebook, then the one nearest the top."


def almost(exercise: str, listing: Listing) -> str | None:
    """What looks like the exercise's file but is not, as a message; None if there is no such thing."""
    for name in (f"{exercise}.py", f"{exercise}.ipynb"):
        if any(name in folders for folders in chain(listing.folders, (member.place[:-1] for member in listing.members))):
            return f"{name} is a folder, not a file."
    pattern = re.compile(rf"{exercise}(\W.*)?\.(py|ipynb|txt)", re.IGNORECASE | re.DOTALL)
    alike = sorted((member for member in listing.members if pattern.fullmatch(member.name)), key=lambda member: member.place)
    return f"{path_of(alike[0])} is not taken: the file must be called {exercise}.py or {exercise}.ipynb." if alike else None


def nothing_found(exercises: Sequence[str], listing: Listing) -> str:
    """The reason for rejecting a submission that holds no exercise file at all."""
    names = ", ".join(f"{exercise}.py" for exercise in exercises)
    inner = sorted(member.place for member in listing.members if is_archive(member.name))
    hint = f" {shown('/'.join(inner[0]))} is an archive inside the submission, which is not unpacked." if inner else ""
    return f"No exercise file was found. Expected are {names} (or notebooks of these names), in any folder of the submission.{hint}"


def _enumerated(members: Sequence[Member]) -> str:
    paths = [shown(path) for path in sorted("/".join(member.place) for member in members)]
    more = [f"{len(paths) - _SHOWN} more"] if len(paths) > _SHOWN else []
    return " and ".join(chain(paths[:_SHOWN], more))
