"""Reads tar archives, gzip-compressed or not, from memory.

The standard library decodes a header block. Walking from block to block is done here, in plain sight: the library's walk has looped for ever,
recursed without bound and matched for hours on archives made to do that, and there is little to it.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator

from grader.intake.archive import Packed, check_ratio, too_big
from grader.intake.members import LINK, Refused, Rejected, too_large
from grader.unit import Limits

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31

_BLOCK = 512
_EXTENSION_BYTES = 2**20
_PAX = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
_EXTENSIONS = _PAX | {tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
_WITHOUT_CONTENT = {
    tarfile.LNKTYPE: "it is a hard link",
    tarfile.SYMTYPE: LINK,
    tarfile.CHRTYPE: "it is not an ordinary file",
    tarfile.BLKTYPE: "it is not an ordinary file",
    tarfile.FIFOTYPE: "it is not an ordinary file",
}
_DAMAGED = "The archive cannot be read as a tar file: it is damaged, cut off or something else. Pack it again."
_SPARSE = "it is a sparse file"


def gunzip(content: bytes, limits: Limits) -> bytes:
    """Unpack one gzip stream.

    Raises:
        Rejected: it is damaged, cut off, or larger than the limits allow, which is found out before more than that is unpacked.
    """
    stream = zlib.decompressobj(_GZIP_WINDOW)
    try:
        unpacked = stream.decompress(content, limits.archive_bytes + 1)
    except zlib.error as error:
        raise Rejected(_DAMAGED) from error
    if len(unpacked) > limits.archive_bytes:
        raise Rejected(too_big(limits))
    check_ratio(len(unpacked), len(content), limits)
    if not stream.eof or stream.unused_data.startswith(GZIP_MAGIC):
        raise Rejected(_DAMAGED)
    return unpacked


def packed(content: bytes) -> Iterator[Packed]:
    """The entries of a tar archive (ustar, GNU and pax).

    Raises:
        Rejected: a header is damaged, or the archive is cut off.
    """
    name: str | None = None
    attributes: dict[str, str] = {}
    position = 0
    while (block := content[position : position + _BLOCK]) and any(block):
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            size = info.size if info.type in _EXTENSIONS else int(attributes.get("size", info.size))
        except (tarfile.TarError, ValueError) as error:
            raise Rejected(_DAMAGED) from error
        start = _skip_sparse_map(content, position) if info.type == tarfile.GNUTYPE_SPARSE else position + _BLOCK
        if info.type == tarfile.DIRTYPE or info.type in _WITHOUT_CONTENT:
            size = 0
        if size < 0 or start + size > len(content):
            raise Rejected(_DAMAGED)
        position = start + -(-size // _BLOCK) * _BLOCK
        if info.type == tarfile.GNUTYPE_LONGNAME:
            name = _extension(content, start, size).split(b"\0", 1)[0].decode("utf-8", "surrogateescape")
        elif info.type in _PAX:
            attributes = _pax_records(_extension(content, start, size))
        elif info.type not in _EXTENSIONS:
            yield Packed(
                attributes.get("path", name if name is not None else info.name),
                size,
                _Slice(content, start, size),
                is_folder=info.type == tarfile.DIRTYPE,
                refusal=_refusal(info, attributes),
            )
            name, attributes = None, {}


class _Slice:
    """Reads one member: a tar archive holds its files as they are."""

    __slots__ = ("content", "size", "start")

    def __init__(self, content: bytes, start: int, size: int) -> None:
        self.content, self.start, self.size = content, start, size

    def __call__(self, limit: int) -> bytes:
        if self.size > limit:
            raise Refused(too_large(limit))
        return self.content[self.start : self.start + self.size]


def _refusal(info: tarfile.TarInfo, attributes: dict[str, str]) -> str | None:
    if info.type == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse.") for key in attributes):
        return _SPARSE
    if info.type in {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE, tarfile.DIRTYPE}:
        return None
    return _WITHOUT_CONTENT.get(info.type, "it is not an ordinary file")


def _extension(content: bytes, start: int, size: int) -> bytes:
    """The body of a header that only describes the next one."""
    if size > _EXTENSION_BYTES:
        raise Rejected(_DAMAGED)
    return content[start : start + size]


def _skip_sparse_map(content: bytes, position: int) -> int:
    """Where the content of an old GNU sparse file begins: behind its header and as many further blocks as say that another one follows."""
    more = content[position + 482 : position + 483]
    position += _BLOCK
    while more.strip(b"\0"):
        more = content[position + 504 : position + 505]
        position += _BLOCK
    return position


def _pax_records(body: bytes) -> dict[str, str]:
    """The records `length key=value` of a pax header, where length counts the whole record with its line break."""
    records = {}
    position = 0
    while position < len(body) and body[position]:
        space = body.find(b" ", position, position + 20)
        digits = body[position:space]
        if space < 0 or not digits.isdigit() or not space < (end := position + int(digits)) <= len(body):
            raise Rejected(_DAMAGED)
        key, _, value = body[space + 1 : end - 1].partition(b"=")
        records[key.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        position = end
    return records
