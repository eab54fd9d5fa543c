"""The class in numbers: scores, what each check tells, which mistakes are common, what needs a look.

Item analysis as in classical test theory: the difficulty of a check is the share that passed it; its discrimination is the correlation between
passing it and the points on all other checks (point-biserial, corrected for the check's own points), near 1 where it separates strong from weak work,
near 0 or below where passing it says little. Only graded submissions count.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

from grader.model import CheckResult, Grade, Outcome, Status
from grader.unit import Unit

BINS = 10
FEWEST_FOR_CORRELATION = 5
# Where nothing came back, for a reason that staff may want to see for themselves.
STOPPED = (Outcome.TIMEOUT, Outcome.CRASHED, Outcome.FORBIDDEN)
MOST_EXAMPLES = 5
MOST_TOGETHER = 6
_TOGETHER_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Distribution:
    """Final points of one exercise, or of all: `counts` of submissions by tenths of `max_score`; who got everything is in the last."""

    name: str
    title: str
    max_score: float
    counts: tuple[int, ...]
    mean: float
    median: float
    deviation: float
    full: int
    none: int


@dataclass(frozen=True, slots=True)
class Item:
    """One check.

    `discrimination` is None where everybody, or nobody, passed, or too few were graded. `together` names checks that failed in exactly the same
    submissions.
    """

    exercise: str
    name: str
    points: float
    passed: int
    judged: int
    discrimination: float | None
    together: tuple[str, ...]
    outcomes: Mapping[str, int]

    @property
    def difficulty(self) -> float:
        """The share that passed, from 0 (nobody) to 1."""
        return self.passed / self.judged if self.judged else 0.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake: how many made it, who for example, and what there is to say about it."""

    id: str
    count: int
    share: float
    functions: tuple[str, ...]
    examples: tuple[str, ...]
    says: str
    look: str


@dataclass(frozen=True, slots=True)
class Concern:
    """A submission that somebody should look at, and why."""

    file_name: str
    submission: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classroom:
    """All that the class report says, but for the table of students, which is `grades` itself."""

    grades: Sequence[Grade]
    total: Distribution
    exercises: tuple[Distribution, ...]
    items: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]
    concerns: tuple[Concern, ...]
    statuses: Mapping[str, int]


def classroom(grades: Sequence[Grade], unit: Unit, sentences: Mapping[str, tuple[str, str]]) -> Classroom:
    """Analyse a class.

    Args:
        grades: as stored.
        unit: the catalogue.
        sentences: for each known mistake's id, what it is in a sentence, and where to look.
    """
    graded = [grade for grade in grades if grade.result.status is Status.GRADED]
    # As in every table of a class: a submission that could not be read has 0 points, one that the grader failed at has none.
    counted = [grade for grade in grades if grade.result.status is not Status.FAULT]
    worth = sum(exercise.points for exercise in unit.exercises if not exercise.bonus)
    total = _distribution("all", "All exercises", worth, [grade.score for grade in counted if grade.score is not None])
    exercises = tuple(
        _distribution(
            exercise.name, exercise.title, exercise.points, [grade.exercises[exercise.name] for grade in counted if exercise.name in grade.exercises]
        )
        for exercise in unit.exercises
    )
    statuses = Counter(grade.result.status.value for grade in grades)
    # The grader's own faults first, then what could not be read, then what was stopped or has a remark.
    by_urgency = sorted(grades, key=lambda grade: list(Status).index(grade.result.status), reverse=True)
    concerns = tuple(concern for grade in by_urgency if (concern := _concern(grade)).reasons)
    return Classroom(grades, total, exercises, _items(graded), _mistakes(graded, sentences), concerns, statuses)


def _distribution(name: str, title: str, worth: float, points: Sequence[float]) -> Distribution:
    counts = Counter(min(BINS - 1, int(BINS * point / worth)) for point in points)
    middle = (fmean(points), median(points), pstdev(points)) if points else (0.0, 0.0, 0.0)
    full, none = sum(point >= worth for point in points), sum(point <= 0 for point in points)
    return Distribution(name, title, worth, tuple(counts[number] for number in range(BINS)), *middle, full, none)


def _items(graded: Sequence[Grade]) -> tuple[Item, ...]:
    """One item a check. Points as judged: what staff changed by hand says nothing about a check."""
    seen: dict[tuple[str, str], list[tuple[str, CheckResult, float]]] = defaultdict(list)
    for grade in graded:
        everything = sum(exercise.score for exercise in grade.result.exercises)
        for exercise in grade.result.exercises:
            for check in exercise.checks:
                seen[exercise.name, check.name].append((grade.result.file_name, check, everything - check.points))
    failed = {key: frozenset(file_name for file_name, check, _ in rows if check.outcome is not Outcome.PASSED) for key, rows in seen.items()}
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for (_, name), who in failed.items():
        if len(who) >= _TOGETHER_AT_LEAST:
            alike[who].append(name)
    items = []
    for (home, name), rows in seen.items():
        passes = [float(check.outcome is Outcome.PASSED) for _, check, _ in rows]
        together = tuple(other for other in alike[failed[home, name]] if other != name)[:MOST_TOGETHER]
        outcomes = Counter(check.outcome.value for _, check, _ in rows)
        discrimination = correlation(passes, [rest for _, _, rest in rows])
        items.append(Item(home, name, rows[0][1].max_points, int(sum(passes)), len(rows), discrimination, together, outcomes))
    return tuple(items)


def correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Pearson's correlation, which for a yes-or-no x is the point-biserial one; None where it has no meaning."""
    if len(x) < FEWEST_FOR_CORRELATION:
        return None
    x_mean, y_mean = fmean(x), fmean(y)
    spread = math.sqrt(sum((a - x_mean) ** 2 for a in x) * sum((b - y_mean) ** 2 for b in y))
    return sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / spread if spread > 1e-9 else None


def _mistakes(graded: Sequence[Grade], sentences: Mapping[str, tuple[str, str]]) -> tuple[Mistake, ...]:
    who: dict[str, dict[str, None]] = defaultdict(dict)
    functions: dict[str, dict[str, None]] = defaultdict(dict)
    for grade in graded:
        for exercise in grade.result.exercises:
            for check in exercise.checks:
                if check.misconception is not None:
                    who[check.misconception][grade.result.submission] = None
                    functions[check.misconception][check.function] = None
    found = [
        Mistake(name, len(people), len(people) / len(graded), tuple(functions[name]), tuple(people)[:MOST_EXAMPLES], *sentences.get(name, ("", "")))
        for name, people in who.items()
    ]
    return tuple(sorted(found, key=lambda mistake: (-mistake.count, mistake.id)))


def _concern(grade: Grade) -> Concern:
    result, reasons = grade.result, []
    if result.status is not Status.GRADED:
        reasons.append(f"{result.status.value}: {result.message}")
    checks = [check for exercise in result.exercises for check in exercise.checks]
    for outcome in STOPPED:
        functions = dict.fromkeys(check.function for check in checks if check.outcome is outcome)
        if functions:
            reasons.append(f"{outcome.value}: {', '.join(functions)}")
    if result.status is Status.GRADED and grade.result.score == 0:
        reasons.append("not a single point")
    reasons += [*result.notes]
    if grade.origin.late and grade.lateness is None:
        reasons.append("handed in late, as the learning management system says; no time is known, so that no penalty was applied")
    return Concern(result.file_name, result.submission, tuple(reasons))
