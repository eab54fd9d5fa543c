"""Results of every kind, as hypothesis makes them up: hostile names and messages, any outcome, any subset of the exercises."""

from __future__ import annotations

from hypothesis import strategies as st

from grader import unit as catalogue
from grader.model import CheckResult, ExerciseResult, Outcome, Result, Status

UNIT = catalogue.current()
# Any text that Python can hold, lone surrogates included.
TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
NAMES = st.sampled_from([exercise.name for exercise in UNIT.exercises])


def exercise_result(name: str, outcomes: list[Outcome], message: str) -> ExerciseResult:
    exercise = UNIT.exercise(name)
    checks = [(function.name, check) for function in exercise.functions for check in function.checks]
    results = []
    for number, (function, check) in enumerate(checks):
        outcome = outcomes[number % len(outcomes)]
        points = check.points if outcome is Outcome.PASSED else 0.0
        misconception = "kl-missing-half" if outcome is Outcome.FAILED else None
        results.append(CheckResult(check.name, function, points, check.points, outcome, message, misconception))
    return ExerciseResult(name, exercise.bonus, tuple(results))


@st.composite
def results(draw: st.DrawFn, statuses: tuple[Status, ...] = (Status.GRADED, Status.REJECTED)) -> Result:
    names = draw(st.sets(NAMES, min_size=1))
    outcomes = draw(st.lists(st.sampled_from(Outcome), min_size=1, max_size=5))
    message = draw(TEXT)
    return Result(
        submission=draw(TEXT),
        file_name="s01",
        status=draw(st.sampled_from(statuses)),
        exercises=tuple(exercise_result(exercise.name, outcomes, message) for exercise in UNIT.exercises if exercise.name in names),
        seed=draw(st.integers(0, 2**63 - 1)),
        package_version="0.1.0",
        checks_sha256="c" * 64,
        submission_sha256="5" * 64,
        isolation=("seccomp",),
        duration_s=draw(st.floats(0, 120)),
        message=draw(TEXT),
        notes=tuple(draw(st.lists(TEXT, max_size=4))),
    )
