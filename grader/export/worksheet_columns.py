"""Finds the columns of a Moodle worksheet, whose titles are in the language of whoever downloaded it.

English titles are looked up. For all other languages the columns are found by what Moodle's source says of their order and content:

    identifier, [name, ids], status, [group, marker], grade, maximum, [workflow state], can be changed, submission modified, [texts],
    grade modified, comments

The identifier is one word for all rows with a number behind it. The maximum is one number for all rows, and the column before it holds grades or
nothing. The titles themselves are given back as they came: Moodle wants them in the same language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.errors import UsageError
from grader.export.matching import Identity
from grader.export.tables import Table

ENGLISH = (Identity("Identifier", "participant", "Participant "), Identity("Email address", "email"), Identity("Full name", "name"))
_IDENTIFIER = re.compile(r"(\D*\D)\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# Behind the maximum: whether the grade can be changed, when the submission and when the grade was modified, comments.
_SHORTEST_END = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand. `comments` is None where there is no such column, or none that can be told from others."""

    identities: tuple[Identity, ...]
    grade: int
    maximum: int | None
    comments: int | None


def find(table: Table) -> Columns:
    """The columns of a worksheet.

    Raises:
        UsageError: it is no worksheet, or its columns cannot be told apart; the message says what to do.
    """
    grade = table.column("Grade")
    if grade is not None and table.column("Identifier") is not None and table.column("Last modified (grade)") is not None:
        return Columns(ENGLISH, grade, table.column("Maximum Grade"), table.column("Feedback comments"))
    words = {match[1] if (match := _IDENTIFIER.fullmatch(row[0].strip())) else "" for row in table.rows}
    maxima = [column for column in range(2, len(table.header)) if _is_maximum(table, column)]
    if len(words) != 1 or "" in words or len(maxima) != 1:
        raise UsageError(
            f"{table.name}: its columns cannot be told apart. Expected is the grading worksheet of an assignment as Moodle made it, with a maximum "
            "grade. If it is one, set Moodle's language to English (in your profile), download it again, and upload the result in English, too"
        )
    (maximum,) = maxima
    emails = [column for column in range(1, maximum - 1) if any(row[column] for row in table.rows) and _all(table, column, _EMAIL)]
    identities = [Identity(table.header[0], "participant", *words), *(Identity(table.header[column], "email") for column in emails)]
    if 1 not in emails:
        identities.append(Identity(table.header[1], "name"))
    ends_as_known = len(table.header) - maximum - 1 == _SHORTEST_END
    return Columns(tuple(identities), maximum - 1, maximum, len(table.header) - 1 if ends_as_known else None)


def _is_maximum(table: Table, column: int) -> bool:
    values = {row[column].strip() for row in table.rows}
    return len(values) == 1 and all(map(_NUMBER.fullmatch, values)) and _all(table, column - 1, _NUMBER)


def _all(table: Table, column: int, pattern: re.Pattern[str]) -> bool:
    """Whether every cell of a column that is not empty (for Moodle a hyphen, too) looks like that."""
    return all(pattern.fullmatch(cell) for row in table.rows if (cell := row[column].strip()) not in ("", "-"))
