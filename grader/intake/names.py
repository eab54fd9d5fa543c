"""Gives every submission of a class a file name that is safe on every system and its own.

A name that can be a file name stays as it is. One that cannot (or that another submission already has, also where a file system ignores case or
Unicode forms) gets its unsafe characters replaced and a hash of the raw name behind it. Who is called what depends on the entry itself and
on entries it collides with, so that a latecomer does not rename the class.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

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
        if _is_safe(wish) and _key(wish) not in taken:
            taken.add(_key(wish))
            names[position] = wish
    for position, (wish, raw) in enumerate(wishes):
        if position not in names:
            names[position] = _substitute(wish, raw, taken)
            taken.add(_key(names[position]))
    return [names[position] for position in range(len(wishes))]


def _key(name: str) -> str:
    """What a file system that ignores case and normal forms takes the name for."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _is_safe(name: str) -> bool:
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


def _substitute(wish: str, raw: bytes, taken: set[str]) -> str:
    clean = printable(unicodedata.normalize("NFC", wish), MAX_BYTES)
    stem = "".join(character if _is_ordinary(character) else "_" for character in clean).lstrip(" -.@+")
    room = MAX_BYTES - 1 - _HASH_DIGITS
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .") or "submission"
    salt = 0
    # Somebody may have been given, or have chosen, the very name that the hash makes: then the next hash is taken.
    while True:
        digest = hashlib.sha256(raw + b"\0" * salt).hexdigest()[:_HASH_DIGITS]
        name = unicodedata.normalize("NFC", f"{'_' if _RESERVED.fullmatch(stem) else ''}{stem}-{digest}")
        if _key(name) not in taken:
            return name
        salt += 1
