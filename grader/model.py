"""The words all stages share: what comes in, what a verdict is, what goes out.

Frozen dataclasses and enums only; no behaviour beyond what their own fields imply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How one check of one function ended (contract, section 3)."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MISSING = "missing"
    NOT_IMPLEMENTED = "not_implemented"
    FORBIDDEN = "forbidden"


class Status(StrEnum):
    """How the grading of one submission ended."""

    GRADED = "graded"
    REJECTED = "rejected"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of student code, read but never executed by the grader's own process.

    `path` is the place inside the submission, as the student knows it, cleaned for display. `code` is the file's bytes for a `.py` file (the
    encoding declaration is the interpreter's affair) and the code cells' texts, in order, for a notebook.
    """

    path: str
    code: bytes | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """What a sandbox needs to load one exercise: its own file, and everything that file may import from beside it.

    `modules` maps dotted module names to sources: helper modules and packages (`"helpers"`, `"tools.noise"`; a package's `__init__.py` stands
    under the package's name and is listed in `packages`) and the submission's other exercises.
    """

    exercise: str
    source: Source
    modules: Mapping[str, Source] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Submission:
    """One entry of the folder of submissions, read into memory.

    `name` is the entry's own name as text, hostile or not; `file_name` is the safe, unique stem its result is stored under. `programs` holds
    the exercises that were found. `unavailable` says, for an exercise that could not be taken though something of that name was there, why.
    `notes` tells what was refused or chosen. `rejected` is the reason why nothing could be read at all, or None.
    """

    name: str
    file_name: str
    programs: Mapping[str, Program]
    sha256: str
    unavailable: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A line in a picture: points (x, y), joined in order."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Numbers that show a student more than words: their own, beside what the handout tells everybody.

    Bars of the given `heights` stand between neighbouring `edges`, of which there is one more; curves are drawn over them.
    """

    caption: str
    x_label: str
    bars: str = ""
    edges: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict of one check. `message` is for the student: never a hidden input or an expected value; nor is the picture, which is kept apart."""

    name: str
    function: str
    points: float
    max_points: float
    outcome: Outcome
    message: str
    misconception: str | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A student's own source text as it can be shown: `place` is a file, or a cell of a notebook, under the name that messages use."""

    place: str
    lines: tuple[str, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """What is kept of a submission for its feedback, besides the result: listings by exercise, pictures by check."""

    listings: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """The checks of one exercise, in the order of the catalogue. `checks_sha256` tells which version of them judged."""

    name: str
    bonus: bool
    checks: tuple[CheckResult, ...]
    checks_sha256: str = ""

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(check.points for check in self.checks), 6)

    @property
    def max_score(self) -> float:
        """Points that could be earned."""
        return round(sum(check.max_points for check in self.checks), 6)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one submission, as it is stored (contract, section 3)."""

    submission: str
    file_name: str
    status: Status
    exercises: tuple[ExerciseResult, ...]
    seed: int
    package_version: str
    checks_sha256: str
    submission_sha256: str
    isolation: tuple[str, ...]
    duration_s: float
    message: str = ""
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """Points without the bonus; None for the grader's own fault, which is never a zero."""
        if self.status is Status.FAULT:
            return None
        return round(sum(exercise.score for exercise in self.exercises if not exercise.bonus), 6)

    @property
    def bonus(self) -> float | None:
        """Points of the bonus exercise; None for the grader's own fault."""
        if self.status is Status.FAULT:
            return None
        return round(sum(exercise.score for exercise in self.exercises if exercise.bonus), 6)


@dataclass(frozen=True, slots=True)
class Row:
    """One submission's line in the table of a class.

    `exercises` holds the points of those that were judged. Scores are None for the grader's own fault.
    """

    submission: str
    file_name: str
    status: Status
    score: float | None
    max_score: float
    bonus: float | None
    exercises: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who handed a submission in.

    `ids` holds what they are called elsewhere, by kind: 'canvas' (a user id), 'sis' (a student number), 'login', 'email', 'participant' (Moodle's
    number), 'github'. Names and ids are untrusted text.
    """

    name: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a submission besides its files: who handed it in, when (with a time zone, or unknown), and whether that was called late."""

    people: tuple[Person, ...] = ()
    submitted: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that a member of staff added to an exercise or, if negative, took from it. `time` is ISO 8601."""

    number: int
    submission: str
    exercise: str
    points: float
    comment: str
    by: str
    time: str


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a submission was, in days begun after the grace period, and which part of its points (0 to 1) that costs."""

    days: int
    penalty: float

    @property
    def in_words(self) -> str:
        """The days, as people say them."""
        return "1 day" if self.days == 1 else f"{self.days} days"


@dataclass(frozen=True, slots=True)
class Grade:
    """A result with all that staff and course decided about it. The result keeps the points as judged; the points here are final.

    Adjustments correct what was earned; being late costs a part of that.
    """

    result: Result
    max_score: float
    origin: Origin = field(default_factory=Origin)
    adjustments: tuple[Adjustment, ...] = ()
    lateness: Lateness | None = None

    @property
    def exercises(self) -> dict[str, float]:
        """Points of each exercise with its adjustments, never below zero, before a penalty."""
        added = {exercise.name: sum(a.points for a in self.adjustments if a.exercise == exercise.name) for exercise in self.result.exercises}
        return {exercise.name: round(max(0.0, exercise.score + added[exercise.name]), 6) for exercise in self.result.exercises}

    @property
    def score(self) -> float | None:
        """Final points without the bonus; None for the grader's own fault."""
        return self._total(bonus=False)

    @property
    def bonus(self) -> float | None:
        """Final points of the bonus exercise; None for the grader's own fault."""
        return self._total(bonus=True)

    def _total(self, *, bonus: bool) -> float | None:
        if self.result.status is Status.FAULT:
            return None
        points, kept = self.exercises, 1.0 - (self.lateness.penalty if self.lateness else 0.0)
        return round(kept * sum(points[exercise.name] for exercise in self.result.exercises if exercise.bonus is bonus), 6)
