"""Reads zip archives that may lie: about sizes, about names, about where one member ends and the next begins.

The standard library parses; what it would believe or spend without measure is bounded around it.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from grader.intake.archive import Packed, too_many
from grader.intake.members import LINK, SEARCH_FACTOR, Refused, Rejected, too_large
from grader.unit import Limits

# What the parser raises on hostile bytes, by fuzzing and by its source; RuntimeError covers encryption and unsupported features.
_PARSER_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ArithmeticError, LookupError, RuntimeError, ValueError)

# The parser reads the table of contents whole, and in time that grows with the square of a member's extra fields. So many bytes hold the entry of
# a file on average: 2 MB for what a submission may have, ignored files included.
_TABLE_BYTES = 105

_LOCAL_HEADER_BYTES = 30
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800


class _Table(io.BytesIO):
    """The archive's bytes, while the parser looks for the table of contents."""

    def __init__(self, content: bytes, most_bytes: int) -> None:
        super().__init__(content)
        self.most_bytes: int | None = most_bytes

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        if self.most_bytes is not None and len(content) > self.most_bytes:
            raise zipfile.LargeZipFile
        return content


def packed(content: bytes, limits: Limits) -> Iterator[Packed]:
    """The entries of a zip archive.

    Raises:
        Rejected: it is no zip archive, is damaged, has too large a table of contents, or its members overlap.
    """
    file = _Table(content, _TABLE_BYTES * SEARCH_FACTOR * limits.archive_members)
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.LargeZipFile as error:
        raise Rejected(too_many(limits)) from error
    except _PARSER_ERRORS as error:
        raise Rejected("The archive cannot be read as a zip file: it is damaged or something else. Pack it again.") from error
    file.most_bytes = None
    _refuse_overlap(archive.infolist())
    for info in archive.infolist():
        name = _name(info)
        yield Packed(name, info.file_size, partial(_read, archive, info), is_folder=name.endswith(("/", "\\")), refusal=_refusal(info))


def _refuse_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Members that share compressed bytes are how a small archive unpacks to a huge one; no packer makes them."""
    for before, after in pairwise(sorted(members, key=lambda info: info.header_offset)):
        if before.header_offset + _LOCAL_HEADER_BYTES + before.compress_size > after.header_offset:
            raise Rejected("The archive's members overlap, as in a zip bomb. Pack it again.")


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name. Without the flag it should be in code page 437, but macOS and many packers write UTF-8 there."""
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _refusal(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if stat.S_ISLNK(kind):
        return LINK
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "it is not an ordinary file"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    # The library reads bzip2 and LZMA without a bound on what one step unpacks.
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "it is compressed by an unusual method; use the ordinary one (deflate)"
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    try:
        with archive.open(info) as member:
            content = member.read(limit + 1)
    except _PARSER_ERRORS as error:
        raise Refused("it is damaged in the archive") from error
    if len(content) > limit:
        raise Refused(too_large(limit))
    return content
