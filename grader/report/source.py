"""A student's own lines, with what messages point at marked and the parts of speech told apart. Text is looked at, never parsed or run."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.model import CheckResult, Listing

# What a colour helps to tell apart. A quote that is never closed ends with its line.
_TOKENS = re.compile(
    r"(?P<string>[rbfRBF]{0,2}(?:'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"))"
    r"|(?P<comment>#[^\n]*)"
    rf"|(?P<keyword>\b(?:{'|'.join(sorted(keyword.kwlist))})\b)"
    r"|(?P<number>\b\d[\w.]*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `pieces` are (class or '', text); `error`: a message points at it; `concerned`: it belongs to a function that lost points."""

    number: int
    pieces: Sequence[tuple[str, str]]
    error: bool
    concerned: bool


@dataclass(frozen=True, slots=True)
class MarkedListing:
    """A listing, ready to be shown. `anchor` is the page's own name for it."""

    anchor: str
    place: str
    lines: Sequence[Line]
    cut: bool


def marked(exercise: str, listings: Sequence[Listing], checks: Iterable[CheckResult]) -> list[MarkedListing]:
    """The listings of an exercise with the lines marked that its checks are about."""
    failed = [check for check in checks if check.points < check.max_points]
    functions = {check.function for check in failed}
    found = []
    for number, listing in enumerate(listings, 1):
        errors = {line for check in failed for line in pointed_at(check.message, listing.place)}
        concerned = {line for function in functions for line in definition(listing.lines, function)}
        lines = [Line(place, pieces, place in errors, place in concerned) for place, pieces in enumerate(_pieces(listing.lines), 1)]
        found.append(MarkedListing(f"{exercise}-{number}", listing.place, lines, listing.cut))
    return found


def pointed_at(message: str, place: str) -> Iterator[int]:
    """The numbers of the lines of a file, or of a cell, that a message names."""
    for match in re.finditer(rf"(?<![\w/]){re.escape(place)}, line (\d{{1,6}})\b", message):
        yield int(match[1])


def definition(lines: Sequence[str], name: str) -> Sequence[int]:
    """The numbers of the lines in which a function or class is defined, told by indentation; none, if there is no such definition."""
    head = re.compile(rf"(\s*)(?:async\s+)?(?:def|class)\s+{re.escape(name)}\b")
    # Of several definitions the last one counts, as it does in Python.
    for start in reversed(range(len(lines))):
        match = head.match(lines[start])
        if match:
            break
    else:
        return ()
    depth, end = len(match[1]), start
    for number in range(start + 1, len(lines)):
        text = lines[number].strip()
        within = len(lines[number]) - len(lines[number].lstrip()) > depth
        if not within and text and not text.startswith((")", "]", "}", "#")):
            break
        if within or text.startswith((")", "]", "}")):
            end = number
    return range(start + 1, end + 2)


def _pieces(lines: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Each line in pieces of one kind; a string may go over many lines."""
    rows: list[list[tuple[str, str]]] = [[]]
    for kind, text in _spans("\n".join(lines)):
        first, *further = text.split("\n")
        rows[-1].append((kind, first))
        rows.extend([(kind, line)] for line in further)
    return [[piece for piece in row if piece[1]] for row in rows]


def _spans(text: str) -> Iterator[tuple[str, str]]:
    end = 0
    for match in _TOKENS.finditer(text):
        yield "", text[end : match.start()]
        yield str(match.lastgroup), match[0]
        end = match.end()
    yield "", text[end:]
