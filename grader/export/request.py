"""What an export is asked for and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.errors import UsageError
from grader.export.tables import Table
from grader.model import CheckResult, Grade, Lateness, Outcome
from grader.text import printable
from grader.unit import Unit

COMMENT_CHARACTERS = 4_000
_REMARK_CHARACTERS = 240


@dataclass(frozen=True, slots=True)
class Request:
    """A class to export, and the choices that staff made.

    `assignment` is the title or column that receives the points. `out_of` is the maximum over there; without it points stay as they are. `bonus`
    adds the bonus points to the score. `visibility` is Gradescope's default, `checks` its exceptions.
    """

    grades: Sequence[Grade]
    unit: Unit
    template: Table | None = None
    assignment: str | None = None
    out_of: float | None = None
    bonus: bool = False
    visibility: str = "visible"
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def worth(self) -> float:
        """The points that a class could get without the bonus, by this package's count."""
        everything = sum(exercise.points for exercise in self.unit.exercises if not exercise.bonus)
        return max((grade.max_score for grade in self.grades), default=everything)

    def points(self, grade: Grade) -> float | None:
        """What a submission gets over there; None for the grader's own fault."""
        if grade.score is None:
            return None
        points = grade.score + ((grade.bonus or 0.0) if self.bonus else 0.0)
        return round(points * self.out_of / grade.max_score, 4) if self.out_of and grade.max_score else points

    def demand_maximum(self, maximum: str, where: str) -> None:
        """Refuse to put points on another scale into a template that states its maximum.

        Raises:
            UsageError: the two differ.
        """
        try:
            theirs = float(maximum.replace(",", "."))
        except ValueError:
            return
        ours = self.out_of or self.worth
        if theirs != ours:
            raise UsageError(f"{where}: its maximum is {theirs:g}, the points here go up to {ours:g}; convert them with --out-of {theirs:g}")


@dataclass(frozen=True, slots=True)
class Export:
    """Files by name, and what staff should know about them: rows without a submission, submissions without a row."""

    files: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()


def number(points: float | None) -> str:
    """Points as every importer reads them; nothing where there are none."""
    return "" if points is None else f"{round(points, 4):.10g}"


def late(lateness: Lateness) -> str:
    """How late it was and what that costs, for students."""
    return f"Late by {lateness.in_words}: {100 * lateness.penalty:g} % less"


def comment(grade: Grade, unit: Unit) -> str:
    """A few plain sentences on a submission, for the field in which an LMS shows remarks: one paragraph, safe to show."""
    if grade.score is None:
        return ""
    worth = {exercise.name: exercise.points for exercise in unit.exercises}
    seen: set[str] = set()
    parts = [
        *(f"{name}: {number(points)} of {number(worth[name])}." for name, points in grade.exercises.items() if name in worth),
        *(f"{one.exercise}: {one.points:+g} by {one.by}: {one.comment}." for one in grade.adjustments),
        *([f"{late(grade.lateness)}."] if grade.lateness else []),
        *(
            f"{check.function}: {printable(check.message, _REMARK_CHARACTERS)}"
            for exercise in grade.result.exercises
            for check in exercise.checks
            if _is_news(check, seen)
        ),
    ]
    return printable(" ".join(parts), COMMENT_CHARACTERS)


def _is_news(check: CheckResult, seen: set[str]) -> bool:
    """One explanation for each mistake is enough."""
    cause = check.misconception or check.message
    if check.outcome is Outcome.PASSED or not check.message or cause in seen:
        return False
    seen.add(cause)
    return True
