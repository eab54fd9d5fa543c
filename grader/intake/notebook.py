"""Takes the code cells out of a notebook.

Plain `json` and a few tests of type: nbformat validates a hostile file against its schema in time and memory that nobody bounds, and refuses
files that every notebook application opens.
"""

from __future__ import annotations

import json
from typing import Any

from grader.intake.members import Refused

# A list or an object takes some thirty times as much memory as its two brackets in a file.
_MAX_CONTAINERS = 2_000_000


def code_cells(content: bytes) -> tuple[str, ...]:
    """The texts of the code cells, in order, empty ones included, magics untouched; nbformat 4, and 3 with its worksheets.

    Raises:
        Refused: the bytes are no such notebook; the reason says what is wrong.
    """
    if content.count(b"[") + content.count(b"{") > _MAX_CONTAINERS:
        raise Refused("it is a notebook of too many parts; clear its outputs")
    try:
        notebook = json.loads(content, parse_int=_no_number, parse_float=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("it is not a notebook: its content is not valid JSON") from error
    return tuple(_text(cell) for cell in _cells(notebook) if cell.get("cell_type") == "code")


def _no_number(_digits: str) -> int:
    """No number of a notebook matters here, so that one of a million digits costs nothing."""
    return 0


def _cells(notebook: Any) -> list[dict[str, Any]]:
    if not isinstance(notebook, dict):
        raise Refused("it is not a notebook: its JSON holds no cells")
    sheets = [notebook] if "cells" in notebook else notebook.get("worksheets")
    if not isinstance(sheets, list):
        raise Refused("it is not a notebook: its JSON holds no cells")
    cells: list[dict[str, Any]] = []
    for sheet in sheets:
        found = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(found, list) or not all(isinstance(cell, dict) for cell in found):
            raise Refused("it is a damaged notebook: its cells are not what a notebook's are")
        cells += found
    return cells


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise Refused("it is a damaged notebook: the source of a code cell is not text")
    # JSON can spell half a surrogate pair, which no later stage could send or store.
    return "".join(lines).encode("utf-8", "replace").decode()
