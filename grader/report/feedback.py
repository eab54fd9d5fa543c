"""One submission: what each function earned, and what to look at where points were lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.model import CheckResult, ExerciseResult, Outcome, Result, Status
from grader.report.terminal import OUTCOMES, STATUS_STYLES, points
from grader.text import printable

MESSAGE_CHARACTERS = 2_000
NAME_WIDTH = 48
# Longer lines are hard to read.
WIDEST = 110


def show(result: Result, console: Console) -> None:
    """Print a submission's result: right functions in a line, the others check by check."""
    width = min(console.width, WIDEST)
    console.print(_heading(result), soft_wrap=True)
    for remark in filter(None, (result.message, *result.notes)):
        style = "yellow" if remark == result.message else "dim"
        console.print(Padding(Text(printable(remark, MESSAGE_CHARACTERS), style), (0, 0, 0, 2), expand=False), width=width)
    if result.status is Status.GRADED:
        for exercise in result.exercises:
            console.print()
            console.print(_exercise(exercise), width=width)


def _heading(result: Result) -> Text:
    heading = Text(printable(result.submission, 255), "bold")
    if result.score is not None:
        worth = sum(exercise.max_score for exercise in result.exercises if not exercise.bonus)
        heading.append(f"  {points(result.score)} of {points(worth)} points", "default")
        if result.bonus:
            heading.append(f", bonus {points(result.bonus)}", "default")
    if result.status is not Status.GRADED:
        heading.append(f"  {result.status.value}", STATUS_STYLES[result.status])
    return heading


def _exercise(exercise: ExerciseResult) -> RenderableType:
    title = Text(f"{exercise.name:<{NAME_WIDTH + 4}}", "bold") + _points(exercise.score, exercise.max_score)
    if exercise.bonus:
        title.append("  bonus", "dim")
    lines: list[RenderableType] = [title]
    for function, checks in groupby(exercise.checks, key=lambda check: check.function):
        lines += _function(function, list(checks))
    return Group(*lines)


def _function(function: str, checks: list[CheckResult]) -> Iterator[RenderableType]:
    if all(check.outcome is Outcome.PASSED for check in checks):
        yield _line(
            Outcome.PASSED, function, sum(check.points for check in checks), sum(check.max_points for check in checks), f"{len(checks)} checks"
        )
        return
    for _, group in groupby(checks, key=_cause):
        alike = list(group)
        for check in alike:
            remark = "" if check.outcome is Outcome.PASSED else check.outcome.value.replace("_", " ")
            yield _line(check.outcome, check.name, check.points, check.max_points, remark)
        if alike[0].message:
            yield _message(alike[0])


def _cause(check: CheckResult) -> tuple[Outcome, str]:
    """Checks in a row that share it are explained once: one known mistake, or one file that cannot be loaded."""
    return check.outcome, check.misconception or check.message


def _message(check: CheckResult) -> RenderableType:
    text = Text("\n".join(printable(line, MESSAGE_CHARACTERS) for line in check.message.splitlines()))
    if check.misconception is not None:
        text.append(f"  [{printable(check.misconception, 80)}]", "dim cyan")
    return Padding(text, (0, 0, 0, 6), expand=False)


def _line(outcome: Outcome, name: str, earned: float, worth: float, remark: str) -> Text:
    mark, style = OUTCOMES[outcome]
    line = Text("  ") + Text(mark, style) + Text(f" {printable(name, 80):<{NAME_WIDTH}}") + _points(earned, worth)
    return line + Text(f"  {remark}", "dim" if outcome is Outcome.PASSED else style)


def _points(earned: float, worth: float) -> Text:
    return Text(f"{points(earned):>5} / {points(worth):<4}", "green" if earned >= worth else "red" if earned == 0 else "yellow")
