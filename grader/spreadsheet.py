"""CSV of which no spreadsheet executes anything, whatever it takes for a separator: a German Excel splits at semicolons."""

from __future__ import annotations

from collections.abc import Iterable

# A spreadsheet takes a cell that begins so for a formula; the full-width forms count in some locales.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_QUOTE = '"'
_TO_BE_QUOTED = frozenset(f",;\t|{_QUOTE}\r\n")


def as_text(shown: str, raw: str) -> str:
    """A cell that begins like a formula, also after the spaces that some programs drop, gets the apostrophe that means text.

    `raw` is the cell as it was before it was made fit to be shown: what it began with counts, too.
    """
    return f"'{shown}" if {raw[:1], shown[:1], shown.lstrip()[:1]} & _FORMULA_STARTS else shown


def line(cells: Iterable[str], delimiter: str = ",") -> str:
    """One line of a CSV file, its end included. A cell that any separator could break is quoted."""
    return delimiter.join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    return f"{_QUOTE}{cell.replace(_QUOTE, _QUOTE * 2)}{_QUOTE}" if _TO_BE_QUOTED & set(cell) else cell
