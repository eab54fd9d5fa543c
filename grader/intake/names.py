"""Gives every submission of a class a file name that is safe on every system and its own.

A name that can be a file name stays as it is. One that cannot (or that another submission already has, also where a file system ignores case or
Unicode forms) gets its unsafe characters replaced and a hash of the raw name behind it. Who is called what depends on the entry itself and
on entries it collides with, of which whoever has a result of that name keeps it: a latecomer renames nobody.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence

from grader.text import printable

# File systems end at 255 bytes; the stem leaves room for suffixes and for the temporary names of atomic writes.
MAX_BYTES = 150

_HASH_DIGITS = 8

# Devices on Windows, whatever suffix follows: results travel there by mail and by file share.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)
_PUNCTUATION = frozenset(" -_.@+")


def file_names(wishes: Sequence[tuple[str, bytes]]) -> list[str]:
    """One stem a submission, in the given order, all distinct even where case and Unicode normal form do not count.

    Args:
        wishes: for each submission the name it would like to have, and its raw name, which nobody else in the folder has. Of those who wish
            for the same name the first gets it.
    """
    taken: set[str] = set()
    names: dict[int, str] = {}
    for position, (wish, _) in enumerate(wishes):
        if is_safe(wish) and key_of(wish) not in taken:
            taken.add(key_of(wish))
            names[position] = wish
    for position, (wish, raw) in enumerate(wishes):
        if position not in names:
            names[position] = substitute(wish, raw, taken)
            taken.add(key_of(names[position]))
    return [names[position] for position in range(len(wishes))]


def key_of(name: str) -> str:
    """What a file system that ignores case and normal forms takes the name for."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_safe(name: str) -> bool:
    """Whether the name can be a file's on every system, as it stands."""
    return (
        name == unicodedata.normalize("NFC", name)
        and name == printable(name, MAX_BYTES)
        and all(map(_is_ordinary, name))
        and name[:1] not in {"", " ", "-", ".", "@", "+"}
        and name[-1] not in {" ", "."}
        and not _RESERVED.fullmatch(name)
        and len(name.encode()) <= MAX_BYTES
    )


def _is_ordinary(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def substitute(wish: str, raw: bytes, taken: Collection[str]) -> str:
    """A name for one that cannot have the name it wishes for; `taken` are the keys of all others."""
    clean = printable(unicodedata.normalize("NFC", wish), MAX_BYTES)
    stem = "".join(character if _is_ordinary(character) else "_" for character in clean).lstrip(" -.@+")
    room = MAX_BYTES - 1 - _HASH_DIGITS
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .") or "submission"
    salt = 0
    # Somebody may have been given, or have chosen, the very name that the hash makes: then the next hash is taken.
    while True:
        digest = hashlib.sha256(raw + b"\0" * salt).hexdigest()[:_HASH_DIGITS]
        name = unicodedata.normalize("NFC", f"{'_' if _RESERVED.fullmatch(stem) else ''}{stem}-{digest}")
        if key_of(name) not in taken:
            return name
        salt += 1
