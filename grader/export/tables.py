"""CSV in and out. What goes out holds nothing that a spreadsheet would execute; what comes in may come from any spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.spreadsheet import as_text, line
from grader.text import printable

CELL_CHARACTERS = 10_000
# A number, and Moodle's sign for "no grade", begin with a sign and are harmless.
_HARMLESS = re.compile(r"-|[+-]?[0-9]+(?:[.,][0-9]+)?(?: ?%)?")
_BOM = "\ufeff"
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that was read: its header, its rows, each as long as the header, and how it was written. `name` is for messages."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    delimiter: str = ","
    bom: bool = False

    def column(self, *names: str) -> int | None:
        """The place of the first of these columns that exists; case and surrounding spaces do not count."""
        places = {title.strip().casefold(): place for place, title in reversed(list(enumerate(self.header)))}
        return next((places[name.casefold()] for name in names if name.casefold() in places), None)

    def demand(self, *names: str) -> int:
        """As `column`, but there must be one.

        Raises:
            UsageError: there is none.
        """
        place = self.column(*names)
        if place is None:
            raise UsageError(f"{self.name}: has no column {' or '.join(map(repr, names))}; export the file from the LMS again and change no header")
        return place


def read(content: bytes, name: str) -> Table:
    """Read a CSV file with a header: UTF-8 (with or without a byte order mark) or Latin-1, with commas, semicolons or tabs.

    Raises:
        UsageError: it is no such file.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    bom, text = text.startswith(_BOM), text.removeprefix(_BOM)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise UsageError(f"{name}: is no CSV file ({error}); export it again") from error
    if not lines:
        raise UsageError(f"{name}: is empty; export it again")
    width = len(lines[0])
    return Table(name, lines[0], [(line + [""] * width)[:width] for line in lines[1:]], delimiter, bom)


def write(header: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ",", bom: bool = False) -> bytes:
    """A CSV file: UTF-8, quoted where need be, every cell harmless."""
    text = "".join(line(map(harmless, row), delimiter) for row in (header, *rows))
    return ((_BOM if bom else "") + text).encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet executes: what begins like a formula, also after spaces, gets the apostrophe that means text."""
    shown = _printable(cell)
    if _HARMLESS.fullmatch(shown.strip()):
        return shown
    return as_text(shown, cell)


def _printable(cell: str) -> str:
    """Line breaks inside a cell are CSV's to quote; everything else that is no text goes."""
    return "\n".join(printable(line, CELL_CHARACTERS) for line in cell.split("\n")[:100])
