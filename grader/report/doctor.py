"""What a machine can do, as two tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table
from rich.text import Text


def facts(names: Mapping[str, str]) -> Table:
    """Names and what they are, one a line."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for name, value in names.items():
        table.add_row(Text(name, "bold"), Text(value))
    return table


def layers(reports: Iterable[tuple[str, bool, bool, str, str]]) -> Table:
    """The sandbox's layers: name, whether it is there, whether it must be, what is to be said about it, what would help."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for name, present, required, why, fix in reports:
        mark = Text("✓", "green") if present else Text("✗", "bold red") if required else Text("·", "yellow")
        remark = Text("; ".join(part for part in (why, f"to have it: {fix}" if fix and not present else "") if part), "dim")
        table.add_row(Text("sandbox layer", "dim"), mark + Text(f" {name}"), Text("required" if required else "optional", "dim"), remark)
    return table
