"""Reads `submission_metadata.yml`, in which a Gradescope export says whose each folder is and when it came.

Gradescope wrote the file, students chose the names in it: it is loaded as data only, under a limit, and whatever is not as expected is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.model import Origin, Person
from grader.text import printable

METADATA = "submission_metadata.yml"
MOST_BYTES = 64 * 2**20
NAME_CHARACTERS = 200
# Gradescope's name for an id, and ours.
IDS = {":sid": "sis", ":email": "email"}


def origins(path: Path) -> Mapping[str, Origin]:
    """Who and when, by the name of the folder.

    Raises:
        UsageError: the file cannot be read.
    """
    import yaml  # only where there is such a file

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: is larger than {MOST_BYTES >> 20} MiB; export fewer submissions at a time")
        table = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  # both loaders make plain data only
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: cannot be read as YAML ({type(error).__name__}); export the submissions again") from error
    if not isinstance(table, dict):
        raise UsageError(f"{path}: holds no table of submissions; export the submissions again")
    return {str(name): Origin(tuple(_people(entry)), _time(entry.get(":created_at"))) for name, entry in table.items() if isinstance(entry, dict)}


def _people(entry: dict[str, Any]) -> Iterator[Person]:
    submitters = entry.get(":submitters")
    for submitter in submitters if isinstance(submitters, list) else []:
        if isinstance(submitter, dict):
            ids = {ours: printable(str(submitter[theirs]), NAME_CHARACTERS) for theirs, ours in IDS.items() if submitter.get(theirs)}
            yield Person(printable(str(submitter.get(":name") or ""), NAME_CHARACTERS), ids)


def _time(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
