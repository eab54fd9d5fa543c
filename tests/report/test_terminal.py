from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from grader.model import CheckResult, ExerciseResult, Outcome, Result, Row, Status
from grader.report import class_table, feedback, public_checks, terminal
from grader.report.progress import RunProgress
from grader.unit import current

UNIT = current()
TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold red]x[/bold red]\r\n\u202etxt\ud800 [link=http://e]y[/link] :warning:"


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def plain(width: int = 200) -> Console:
    return Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)


def a_result(message: str = "", name: str = "s01", status: Status = Status.GRADED) -> Result:
    checks = tuple(
        CheckResult(f"kl_divergence_{outcome.value}", "kl_divergence", 1.0 if outcome is Outcome.PASSED else 0.0, 1.0, outcome, message, None)
        for outcome in Outcome
    )
    exercises = (ExerciseResult("kl", False, checks),)
    return Result(name, "s01", status, exercises, 1, "0.1.0", "c", "5", ("seccomp",), 0.1, message, (message,))


def is_harmless(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)


def test_every_outcome_and_every_status_has_its_look() -> None:
    assert set(terminal.OUTCOMES) == set(Outcome)
    assert set(terminal.STATUS_STYLES) == set(Status)


@given(TEXT, TEXT)
def test_nothing_a_student_wrote_reaches_the_terminal_as_a_command(name: str, message: str) -> None:
    console = plain()
    feedback.show(a_result(message, name), console)
    console.print(class_table.class_table([Row(name, "f", Status.GRADED, 1.0, 100.0, 0.0, {"kl": 1.0})], UNIT))
    console.print(terminal.error(f"{name}: {message}"))
    public_checks.show([("kl", name, message)], console)
    assert is_harmless(printed(console))


def test_markup_of_a_student_is_shown_as_it_is() -> None:
    console = plain()
    feedback.show(a_result(HOSTILE, HOSTILE), console)
    assert "[bold red]x[/bold red]" in printed(console)
    assert ":warning:" in printed(console)
    assert "owned" not in printed(console)


def test_feedback_says_each_checks_outcome_points_and_reason() -> None:
    console = plain()
    feedback.show(a_result("Look at the logarithm."), console)
    for outcome in Outcome:
        assert f"kl_divergence_{outcome.value} " in printed(console)
    assert "not implemented" in printed(console)
    assert "Look at the logarithm." in printed(console)


def test_a_function_that_is_right_takes_one_line() -> None:
    console = plain()
    checks = tuple(CheckResult(f"kl_divergence_{number}", "kl_divergence", 2.0, 2.0, Outcome.PASSED, "") for number in range(3))
    feedback.show(Result("s", "s", Status.GRADED, (ExerciseResult("kl", False, checks),), 1, "", "", "", (), 0.1), console)
    assert [line.split() for line in printed(console).splitlines() if "kl_divergence" in line] == [
        ["✓", "kl_divergence", "6", "/", "6", "3", "checks"]
    ]


def test_one_known_mistake_is_explained_once() -> None:
    console = plain()
    names = ["formula", "walk_through", "extreme_values"]
    checks = tuple(
        CheckResult(f"kl_gradient_{name}", "kl_gradient", 0.0, 1.0, Outcome.FAILED, f"{name}: the logarithm.", "kl-missing-reciprocal")
        for name in names
    )
    feedback.show(Result("s", "s", Status.GRADED, (ExerciseResult("kl", False, checks),), 1, "", "", "", (), 0.1), console)
    assert printed(console).count("the logarithm.") == printed(console).count("[kl-missing-reciprocal]") == 1
    assert "0 / 3     3 checks failed" in printed(console)


def test_a_file_that_cannot_be_loaded_is_explained_once() -> None:
    console = plain()
    checks = tuple(
        CheckResult(f"{f}_{n}", f, 0.0, 1.0, Outcome.ERROR, "kl.py could not be loaded.") for f in ("kl_divergence", "kl_gradient") for n in "ab"
    )
    feedback.show(Result("s", "s", Status.GRADED, (ExerciseResult("kl", False, checks),), 1, "", "", "", (), 0.1), console)
    assert [line.split()[:2] for line in printed(console).splitlines()[-3:]] == [["!", "kl_divergence"], ["!", "kl_gradient"], ["kl.py", "could"]]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_class_fits_on_a_terminal_and_cuts_long_names(width: int) -> None:
    console = plain(width)
    rows = [Row("n" * 255, "n", Status.GRADED, 99.5, 100.0, 10.0, {exercise.name: 1.5 for exercise in UNIT.exercises})]
    console.print(class_table.class_table(rows, UNIT))
    assert max(map(len, printed(console).splitlines())) <= width


def test_a_fault_is_no_zero_in_the_table_and_not_in_the_mean() -> None:
    console = plain()
    rows = [Row("a", "a", Status.FAULT, None, 100.0, None, {}), Row("b", "b", Status.GRADED, 80.0, 100.0, 0.0, {"kl": 20.0})]
    console.print(class_table.class_table(rows, UNIT))
    lines = {line.split()[0]: line.split() for line in printed(console).splitlines() if line.split()}
    assert lines["a"][1:] == ["·"] * 7 + ["fault"]
    assert lines["mean"] == ["mean", "80.0", "20.0"]


@given(st.lists(st.sampled_from(Status), max_size=6), TEXT)
@settings(deadline=None)
def test_progress_without_a_terminal_is_a_line_a_submission(statuses: list[Status], name: str) -> None:
    console = plain()
    with RunProgress(console) as progress:
        progress.begin(len(statuses) + 1)
        progress.kept(a_result())
        for status in statuses:
            progress.done(a_result(name=name, status=status), "reason\nlast line")
    lines = printed(console).splitlines()
    assert len([line for line in lines if line.startswith("[")]) == len(statuses)
    assert len([line for line in lines if line.startswith("fault: ")]) == statuses.count(Status.FAULT)
    assert is_harmless(printed(console))
    assert progress.finished == len(statuses) + 1
