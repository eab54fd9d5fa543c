"""Makes a sound notebook of whatever a student handed in: the assignment's own cells as they were given out, the student's cells as they stand now.

nbgrader trusts the ids, types and metadata that it finds in a submission; here they are hints. A cell is believed to be the assignment's if it
carries the id of one; what is locked gets its own text back, what is missing and graded is put back, what stands twice is shown once.
Nothing of this has a say in the verdict, which rests on the code of the notebook as it was handed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from grader.intake.members import Refused
from grader.intake.notebook import code_cells

MOST_CELLS = 2_000
UNREADABLE = "This notebook could not be read as one; below is the assignment as it was given out."
RESTORED = "Put back, as they were missing: {}. They decide nothing; the code of the whole notebook was graded."
REPEATED = "Stands more than once, and is shown once: {}. All cells ran, in their order."
CROWDED = f"There are more than {MOST_CELLS:,} cells; only the assignment's own are shown. All of them ran."
_BACKTICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class OwnCell:
    """A cell of the assignment, as `nbgrader generate_assignment` recorded it. `points` is None unless it is graded."""

    name: str
    kind: str
    source: str
    locked: bool
    solution: bool
    points: float | None
    checksum: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A cell of a submission, of which nothing is taken but its kind, its text and the id it claims."""

    kind: str
    source: str
    name: str | None


def repaired(content: bytes | None, own: Sequence[OwnCell]) -> tuple[NotebookNode, list[str]]:
    """The notebook to show and to score, and remarks on what had to be done to it.

    Args:
        content: the file as it was handed in; None if it could not be taken at all.
        own: the assignment's cells, in their order.
    """
    found = None if content is None else _cells(content)
    remarks = [UNREADABLE] if found is None else []
    wanted = {cell.name: cell for cell in own}
    if found is not None and len(found) > MOST_CELLS:
        found = [cell for cell in found if cell.name in wanted][-MOST_CELLS:]
        remarks.append(CROWDED)
    last = {cell.name: number for number, cell in enumerate(found or []) if cell.name in wanted}
    shown: list[tuple[str | None, NotebookNode]] = []
    for number, cell in enumerate(found or []):
        if cell.name in wanted and last[cell.name] == number:
            shown.append((cell.name, _own(wanted[cell.name], cell.source)))
        else:
            shown.append((None, _guest(cell)))
    missing = [cell for cell in own if cell.name not in last and (found is None or cell.points is not None)]
    for lost in missing:
        shown.insert(_place(lost, own, shown), (lost.name, _own(lost, lost.source)))
    if missing and found is not None:
        remarks.append(RESTORED.format(", ".join(cell.name for cell in missing)))
    names = [cell.name for cell in found or []]
    repeated = [name for name in wanted if names.count(name) > 1]
    if repeated:
        remarks.append(REPEATED.format(", ".join(repeated)))
    for number, (_, node) in enumerate(shown):
        node["id"] = f"cell-{number}"
    cells = [node for _, node in shown]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return _as_node({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}), remarks


def _cells(content: bytes) -> list[_Found] | None:
    """The cells of a notebook (nbformat 4, or 3 with its worksheets); None if intake finds no such thing in it."""
    try:
        code_cells(content)
    except Refused:
        return None
    notebook = json.loads(content, parse_int=_no_number, parse_float=_no_number)
    sheets = [notebook] if "cells" in notebook else notebook["worksheets"]
    return [_found(cell) for sheet in sheets for cell in sheet["cells"]]


def _no_number(_digits: str) -> int:
    """No number of a notebook matters here, so that one of a million digits costs nothing."""
    return 0


def _found(cell: Mapping[str, Any]) -> _Found:
    text = cell.get("source", cell.get("input", ""))
    lines = text if isinstance(text, list) else [text]
    source = "".join(line for line in lines if isinstance(line, str)).encode("utf-8", "replace").decode()
    name = _of(_of(cell.get("metadata"), "nbgrader", dict), "grade_id", str)
    return _Found("code" if cell.get("cell_type") == "code" else "markdown", source, name)


def _of(table: Any, key: str, kind: type) -> Any:
    """The entry of a table, if both are what they should be."""
    entry = table.get(key) if isinstance(table, dict) else None
    return entry if isinstance(entry, kind) else None


def _own(cell: OwnCell, source: str) -> NotebookNode:
    worth = {} if cell.points is None else {"points": cell.points}
    metadata = {
        "schema_version": 3,
        "grade_id": cell.name,
        "grade": cell.points is not None,
        "locked": cell.locked,
        "solution": cell.solution,
        "task": False,
        "checksum": cell.checksum,
        "cell_type": cell.kind,
    }
    return _node(cell.kind, cell.source if cell.locked else source, {"nbgrader": metadata | worth})


def _guest(cell: _Found) -> NotebookNode:
    """A cell of the student's own. Text is shown as it was typed: rendered, it could hold a script, which would run with the teacher's rights."""
    if cell.kind == "code":
        return _node("code", cell.source, {})
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(cell.source)), default=0))
    return _node("markdown", f"{fence}text\n{cell.source}\n{fence}", {})


def _node(kind: str, source: str, metadata: dict[str, Any]) -> NotebookNode:
    cell: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": metadata}
    return _as_node(cell | {"execution_count": None, "outputs": []} if kind == "code" else cell)


def _as_node(table: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = nbformat.from_dict(table)
    return node


def _place(missing: OwnCell, own: Sequence[OwnCell], shown: Sequence[tuple[str | None, NotebookNode]]) -> int:
    """Where to put a cell back: behind the nearest of its predecessors that is there, else in front."""
    before = [cell.name for cell in own[: own.index(missing)]]
    positions = {name: number for number, (name, _) in enumerate(shown) if name is not None}
    return next((positions[name] + 1 for name in reversed(before) if name in positions), 0)
