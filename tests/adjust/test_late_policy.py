from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_adjustments import UNIT, grade, judged

from grader.errors import UsageError
from grader.model import Grade, Lateness, Origin, Person
from grader.results import course, desk, origins
from grader.results.document import encode
from grader.results.store import write_file

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
COURSE = """
[late]
due = 2026-11-20T23:59:00+01:00
grace_minutes = 15
percent_per_day = 10
max_percent = 25

[late.extensions]
"bob" = 2026-11-22T23:59:00+01:00
"s-7" = 2026-11-23T23:59:00+01:00

[gradescope]
visibility = "after_published"
[gradescope.checks]
kl_gradient_formula = "hidden"
"""


@pytest.fixture
def rules(tmp_path: Path) -> course.Course:
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    return course.load(tmp_path / "course.toml")


def late(rules: course.Course, after: timedelta, name: str = "ada", *people: Person) -> Lateness | None:
    assert rules.late
    return rules.late.lateness(judged(name), Origin(people, DUE + after))


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (timedelta(days=-3), None),
        (timedelta(minutes=15), None),
        (timedelta(minutes=15, seconds=1), Lateness(1, 0.1)),
        (timedelta(days=1, minutes=15), Lateness(1, 0.1)),
        (timedelta(days=1, minutes=16), Lateness(2, 0.2)),
        (timedelta(days=30), Lateness(30, 0.25)),
    ],
)
def test_every_day_begun_after_the_grace_period_costs_up_to_the_cap(rules: course.Course, after: timedelta, wanted: Lateness | None) -> None:
    assert late(rules, after) == wanted


def test_an_extension_counts_by_name_or_id_and_for_the_whole_group(rules: course.Course) -> None:
    assert late(rules, timedelta(days=2), "bob") is None
    assert late(rules, timedelta(days=2, hours=2), "bob") == Lateness(1, 0.1)
    group = (Person("Ada", {"sis": "s-1"}), Person("Eve", {"sis": "s-7"}))
    assert late(rules, timedelta(days=3), "team", *group) is None


def test_nobody_is_late_whose_time_is_not_known(rules: course.Course) -> None:
    assert rules.late
    assert rules.late.lateness(judged("ada"), Origin(late=True)) is None


def test_gradescopes_visibility_comes_from_the_same_file(rules: course.Course) -> None:
    assert (rules.visibility, rules.checks) == ("after_published", {"kl_gradient_formula": "hidden"})


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[late]\ndue = 2026-11-20T23:59:00", "time zone"),
        ("[late]\ngrace_minutes = 3", "due"),
        ("[late]\ndue = 2026-11-20T23:59:00Z\npercent_per_day = 101", "from 0 to 100"),
        ("[late]\ndue = 2026-11-20T23:59:00Z\ngrace = 3", "unknown key 'grace'"),
        ("[late]\ndue = 2026-11-20T23:59:00Z\n[late.extensions]\nada = 3", "'ada'"),
        ("[gradescope]\nvisibility = 'secret'", "must be one of visible"),
        ("late = 3", "late: must be a table; write it as [late]"),
        ("gradescope = 3", "gradescope: must be a table; write it as [gradescope]"),
        ("[late]\ndue = 2026-11-20T23:59:00Z\nextensions = 3", "late.extensions: must be a table; write it as [late.extensions]"),
        ("[gradescope]\nchecks = 'hidden'", "gradescope.checks: must be a table; write it as [gradescope.checks]"),
        (
            "[gradescope.checks]\nkl_gradiant_formula = 'hidden'",
            "[gradescope.checks]: there is no check or exercise 'kl_gradiant_formula'; did you mean 'kl_gradient_formula'?",
        ),
        ("[gradescope.checks]\nunlike_any = 'hidden'", "write a check's name or one of sampler, backward, kl"),
        ("[gradescope.checks]\nkl_gradient = 'hidden'", "there is no check or exercise 'kl_gradient'"),
        ("[gradescope.checks]\nkl = 'secret'", "[gradescope.checks]: kl = 'secret': must be one of visible"),
        ("[late", "TOML"),
    ],
)
def test_a_mistake_in_the_course_file_names_file_key_and_fix(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as problem:
        course.load(tmp_path / "course.toml")
    assert "course.toml" in str(problem.value)
    assert hint in str(problem.value)


@pytest.mark.parametrize("key", ["kl", "kl_gradient_formula"])
def test_who_sees_what_is_said_by_check_or_by_exercise(tmp_path: Path, key: str) -> None:
    (tmp_path / "course.toml").write_text(f"[gradescope.checks]\n{key} = 'hidden'", encoding="utf-8")
    assert course.load(tmp_path / "course.toml").checks == {key: "hidden"}


def test_no_file_is_no_rule(tmp_path: Path) -> None:
    assert course.load(tmp_path / "course.toml") == course.Course()


@given(st.floats(0, 1), st.integers(1, 400))
def test_a_penalty_takes_its_part_of_all_points_and_never_more(penalty: float, days: int) -> None:
    final = Grade(judged("ada"), 100.0, lateness=Lateness(days, penalty))
    assert final.score == pytest.approx(80.0 * (1 - penalty), abs=1e-6)
    assert final.bonus == pytest.approx(10.0 * (1 - penalty), abs=1e-6)


def test_the_penalty_reaches_grades_and_exports_and_leaves_the_result_alone(tmp_path: Path) -> None:
    write_file(tmp_path / "results" / "ada.json", encode(judged("ada"), UNIT))
    write_file(tmp_path / "class.json", origins.encode({"ada": Origin((Person("Ada", {"email": "a@x"}),), DUE + timedelta(days=1))}))
    write_file(tmp_path / "course.toml", COURSE.encode())
    (one,) = desk.grades(tmp_path, UNIT)
    assert (one.result.score, one.score) == (80.0, 72.0)
    done = grade("export", tmp_path, "--to", "csv", "-o", tmp_path / "final.csv")
    assert done.exit_code == 0
    assert "72,80,100" in (tmp_path / "final.csv").read_text(encoding="utf-8")


@given(
    st.text(st.characters(exclude_categories=()), max_size=40), st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=3), st.booleans()
)
def test_what_is_known_of_a_class_is_read_as_it_was_written(name: str, ids: dict[str, str], flagged: bool) -> None:
    known = {"ada": Origin((Person(name.encode("utf-8", "replace").decode(), ids),), DUE, flagged), "bob": Origin()}
    assert origins.decode(origins.encode(known)) == known


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"schema": 2}', b'{"schema": 1, "submissions": {"a": 3}}', b"\xff" * 9])
def test_what_is_no_class_file_is_nothing(document: bytes) -> None:
    assert origins.decode(document) == {}
