"""The course's own rules: a file `course.toml` that staff write, kept in OUT beside the results.

    [late]
    due = 2026-11-20T23:59:00+01:00     # with a time zone
    grace_minutes = 15
    percent_per_day = 10                # of the points earned, for every day begun after the grace period
    max_percent = 50

    [late.extensions]                   # by a submission's name, or an id or name of a person
    "ada" = 2026-11-22T23:59:00+01:00

    [gradescope]                        # who sees which check: visible, hidden, after_due_date, after_published
    visibility = "visible"

    [gradescope.checks]                 # by check or exercise
    kl_gradient_formula = "after_due_date"

Reads trusted data. Every mistake in the file is a `UsageError` that names file, key and fix.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.model import Lateness, Origin, Result
from grader.unit import current

COURSE_FILE = "course.toml"
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")
_DAY = timedelta(days=1)
MOST_GRACE_MINUTES = 60.0 * 24 * 366


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """When submissions are due and what coming later costs. `extensions` are other due times, by name or id."""

    due: datetime
    grace: timedelta
    percent_per_day: float
    max_percent: float
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    def lateness(self, result: Result, origin: Origin) -> Lateness | None:
        """How late a submission was; None if it was in time, or nobody knows when it came."""
        if origin.submitted is None:
            return None
        keys = {result.submission, result.file_name, *(key for person in origin.people for key in (person.name, *person.ids.values()))}
        # Of a group whose members have different extensions the longest counts.
        due = max([self.due, *(time for key, time in self.extensions.items() if key in keys)])
        if origin.submitted <= due + self.grace:
            return None
        days = math.ceil((origin.submitted - due - self.grace) / _DAY)
        return Lateness(days, min(days * self.percent_per_day, self.max_percent) / 100.0)


@dataclass(frozen=True, slots=True)
class Course:
    """All rules of a course. `visibility` is Gradescope's for the checks that `checks` does not name."""

    late: LatePolicy | None = None
    visibility: str = "visible"
    checks: Mapping[str, str] = field(default_factory=dict)


def load(path: Path) -> Course:
    """Read a course file; one that does not exist has no rules.

    Raises:
        UsageError: it cannot be understood.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Course()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as TOML: {error}") from error
    _known(table, ("late", "gradescope"), f"{path}: top level")
    return Course(_late(table, path), *_gradescope(table, path))


def _late(whole: dict[str, Any], path: Path) -> LatePolicy | None:
    table, where = _table(whole, "late", path), f"{path}: [late]"
    if not table:
        return None
    _known(table, ("due", "grace_minutes", "percent_per_day", "max_percent", "extensions"), where)
    extensions = {key: _time(value, f"{path}: [late.extensions]: {key!r}") for key, value in _table(table, "late.extensions", path).items()}
    grace = timedelta(minutes=_number(table, "grace_minutes", 0.0, MOST_GRACE_MINUTES, where))
    per_day, most = (_number(table, key, default, 100.0, where) for key, default in (("percent_per_day", 0.0), ("max_percent", 100.0)))
    return LatePolicy(_time(table.get("due"), f"{where}: due"), grace, per_day, most, extensions)


def _gradescope(whole: dict[str, Any], path: Path) -> tuple[str, dict[str, str]]:
    """The visibility of all checks, and of those that have their own."""
    table = _table(whole, "gradescope", path)
    _known(table, ("visibility", "checks"), f"{path}: [gradescope]")
    checks = _table(table, "gradescope.checks", path)
    _are_of_the_unit(checks, f"{path}: [gradescope.checks]")
    visibility = table.get("visibility", "visible")
    for where, name, value in (("gradescope", "visibility", visibility), *(("gradescope.checks", *item) for item in checks.items())):
        if value not in VISIBILITIES:
            raise UsageError(f"{path}: [{where}]: {name} = {value!r:.40}: must be one of {', '.join(VISIBILITIES)}")
    return visibility, checks


def _are_of_the_unit(checks: dict[str, Any], where: str) -> None:
    """A name that is misspelt would show students what was to be hidden."""
    exercises = current().exercises
    names = [
        *(exercise.name for exercise in exercises),
        *(check.name for one in exercises for function in one.functions for check in function.checks),
    ]
    for key in checks:
        if key not in names:
            close = difflib.get_close_matches(key, names, 1)
            way_out = f"did you mean {close[0]!r}?" if close else f"write a check's name or one of {', '.join(one.name for one in exercises)}"
            raise UsageError(f"{where}: there is no check or exercise {key!r:.80}; {way_out}")


def _time(value: object, where: str) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise UsageError(f"{where}: must be a date and time with a time zone, such as 2026-11-20T23:59:00+01:00")
    return value


def _number(table: dict[str, Any], key: str, default: float, most: float, where: str) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise UsageError(f"{where}: {key} = {value!r:.40}: must be a number from 0 to {most:g}")
    return float(value)


def _table(table: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    """The table of that dotted name; `table` is the one that holds it."""
    value = table.get(name.rpartition(".")[2], {})
    if not isinstance(value, dict):
        raise UsageError(f"{path}: {name}: must be a table; write it as [{name}]")
    return value


def _known(table: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise UsageError(f"{where}: unknown key {key!r}; known are {', '.join(keys)}")
