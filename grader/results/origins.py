"""Who handed in what, and when: `OUT/class.json`, written where the layout of the submissions or a roster says so.

What it holds was chosen by students and their LMS; it decides no points but through a due time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from grader.model import Origin, Person
from grader.results.document import UNREADABLE

CLASS_FILE = "class.json"
SCHEMA = 1


def encode(origins: Mapping[str, Origin]) -> bytes:
    """The document of a class: by the stem of each submission's result file."""
    table = {file_name: _table(origins[file_name]) for file_name in sorted(origins)}
    return (json.dumps({"schema": SCHEMA, "submissions": table}, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def decode(document: bytes) -> dict[str, Origin]:
    """The class in a document; empty if it is none."""
    try:
        table = json.loads(document)
        return {str(name): _origin(entry) for name, entry in table["submissions"].items()} if table["schema"] == SCHEMA else {}
    except UNREADABLE:
        return {}


def _table(origin: Origin) -> dict[str, Any]:
    people = [{"name": person.name, "ids": dict(person.ids)} for person in origin.people]
    return {"people": people, "submitted": origin.submitted.isoformat() if origin.submitted else None, "late": origin.late}


def _origin(table: dict[str, Any]) -> Origin:
    people = tuple(Person(str(person["name"]), {str(kind): str(value) for kind, value in person["ids"].items()}) for person in table["people"])
    submitted = datetime.fromisoformat(table["submitted"]) if table["submitted"] else None
    return Origin(people, submitted.replace(tzinfo=submitted.tzinfo or UTC) if submitted else None, bool(table["late"]))
