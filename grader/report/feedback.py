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


def show(result: Result, console: Console, *, failed_only: bool = False) -> None:
    """Print a submission's result: right functions in a line, the others check by check; or only what lost points."""
    width = min(console.width, WIDEST)
    console.print(_heading(result), soft_wrap=True)
    for remark in filter(None, (result.message, *result.notes)):
        style = "yellow" if remark == result.message else "dim"
        console.print(Padding(Text(printable(remark, MESSAGE_CHARACTERS), style), (0, 0, 0, 2), expand=False), width=width)
    if result.status is Status.GRADED:
        for exercise in result.exercises:
            if failed_only and exercise.score >= exercise.max_score:
                continue
            console.print()
            console.print(_exercise(exercise, failed_only), width=width)


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


def _exercise(exercise: ExerciseResult, failed_only: bool) -> RenderableType:
    title = Text(f"{exercise.name:<{NAME_WIDTH + 4}}", "bold") + _points(exercise.score, exercise.max_score)
    if exercise.bonus:
        title.append("  bonus", "dim")
    parts: list[RenderableType] = [title]
    # What has one cause is explained once, below the last line it explains: a known mistake, or a file that cannot be loaded.
    shown = [line for line in _lines(exercise) if not failed_only or line[1].outcome is not Outcome.PASSED]
    for _, lines in groupby(shown, key=lambda line: _cause(line[1])):
        alike = list(lines)
        parts += [line for line, _ in alike]
        if alike[0][1].message:
            parts.append(_message(alike[0][1]))
    return Group(*parts)


def _lines(exercise: ExerciseResult) -> Iterator[tuple[Text, CheckResult]]:
    """The lines of an exercise, each with a check that stands for it: one for a function whose checks all ended alike, else one for each check."""
    for function, group in groupby(exercise.checks, key=lambda check: check.function):
        checks = list(group)
        if len(set(map(_cause, checks))) == 1:
            earned, worth = sum(check.points for check in checks), sum(check.max_points for check in checks)
            yield _line(checks[0].outcome, function, earned, worth, f"{len(checks)} checks {_remark(checks[0].outcome)}".rstrip()), checks[0]
        else:
            yield from ((_line(check.outcome, check.name, check.points, check.max_points, _remark(check.outcome)), check) for check in checks)


def _remark(outcome: Outcome) -> str:
    return "" if outcome is Outcome.PASSED else outcome.value.replace("_", " ")


def _cause(check: CheckResult) -> tuple[Outcome, str]:
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
