from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import pytest
from running import grade, make_class, outcome


def result(out: Path, name: str) -> dict[str, object]:
    return dict(json.loads((out / "results" / f"{name}.json").read_text()))


def scores(out: Path, exercise: str = "kl") -> dict[str, str]:
    with (out / "grades.csv").open(newline="") as file:
        return {line["submission"]: line[exercise] for line in csv.DictReader(file)}


def test_every_submission_gets_its_points_and_one_line(graded: Path) -> None:
    full = {"right": "20.0", "slow0": "20.0", "slow1": "20.0", "stub": "0.0", "broken": "0.0", "empty": "0.0"}
    assert {name: score for name, score in scores(graded).items() if name != "wrong"} == full
    assert 0.0 < float(scores(graded)["wrong"]) < 20.0
    assert sorted(path.stem for path in (graded / "results").iterdir()) == sorted(scores(graded))


def test_a_result_says_what_it_rests_on(graded: Path) -> None:
    right = result(graded, "right")
    assert (right["status"], right["score"], right["max_score"], right["seed"], right["package_version"]) == (
        "graded",
        20.0,
        100.0,
        20260101,
        "0.1.0",
    )
    assert all(len(str(right[key])) == 64 for key in ("checks_sha256", "submission_sha256"))
    assert "seccomp" in list(right["isolation"])  # type: ignore[call-overload]


def test_what_cannot_be_read_is_rejected_with_a_reason_and_is_no_failure_of_the_run(graded: Path) -> None:
    empty = result(graded, "empty")
    assert (empty["status"], empty["score"], empty["max_score"]) == ("rejected", 0.0, 100.0)
    assert empty["message"]


def test_the_number_of_jobs_changes_no_byte(graded: Path, submissions: Path, tmp_path: Path) -> None:
    assert grade("run", submissions, "-o", tmp_path / "out", "-j", 1).returncode == 0
    assert outcome(tmp_path / "out") == outcome(graded)


def test_a_second_run_grades_nothing_and_changes_nothing(submissions: Path, copy: Path) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.name != ".lock" and path.is_file()}
    done = grade("run", submissions, "-o", copy)
    assert done.returncode == 0
    assert "7 unchanged" in done.stdout
    assert {path: path.read_bytes() for path in before} == before


def test_only_what_changed_is_graded_again(tmp_path: Path, copy: Path) -> None:
    changed = make_class(tmp_path / "submissions")
    source = (changed / "wrong" / "kl.py").read_text()
    (changed / "wrong" / "kl.py").write_text(source.replace("np.array(mu), sigma\n", "np.array(mu), sigma - 1.0 / sigma\n"))
    times = {path.name: path.stat().st_mtime_ns for path in (copy / "results").iterdir()}
    done = grade("run", changed, "-o", copy)
    assert "1 graded  6 unchanged" in done.stdout
    assert scores(copy)["wrong"] == "20.0"
    assert [path.name for path in (copy / "results").iterdir() if path.stat().st_mtime_ns != times[path.name]] == ["wrong.json"]


def test_another_seed_grades_again(submissions: Path, copy: Path, tmp_path: Path) -> None:
    one = tmp_path / "one"
    shutil.copytree(submissions / "right", one / "right")
    done = grade("run", one, "-o", copy, "--seed", 7)
    assert "1 graded" in done.stdout
    assert result(copy, "right")["seed"] == 7


def test_one_exercise_is_graded_without_touching_the_others(submissions: Path, copy: Path, tmp_path: Path) -> None:
    one, fresh = tmp_path / "one", tmp_path / "fresh"
    shutil.copytree(submissions / "right", one / "right")
    done = grade("run", one, "-o", fresh, "--only", "kl")
    assert (done.returncode, list(result(fresh, "right")["exercises"])) == (0, ["kl"])  # type: ignore[call-overload]
    assert result(fresh, "right")["max_score"] == 20.0
    grade("run", one, "-o", fresh)
    assert outcome(fresh)["results/right.json"] == outcome(copy)["results/right.json"]
    grade("run", one, "-o", copy, "--only", "kl", "--force")
    assert outcome(fresh)["results/right.json"] == outcome(copy)["results/right.json"]


def test_an_entry_that_is_gone_keeps_its_result_and_its_line(submissions: Path, copy: Path, tmp_path: Path) -> None:
    one = tmp_path / "one"
    shutil.copytree(submissions / "right", one / "right")
    done = grade("run", one, "-o", copy)
    assert "6 earlier results" in done.stdout
    assert len(scores(copy)) == 7


NAMES = [
    "=1+1",
    "@x",
    "a\nb",
    "\x1b[31mred",
    "[bold]x",
    "..",
    "-rf",
    "\u202egpj.py",
    "x" * 255,
    "A",
    "a",
    "CON",
    "s\u00e9",
    "se\u0301",
    "a,b",
    '"q"',
    "\udcff",
]


def test_hostile_names_get_a_result_each_and_confuse_neither_table_nor_terminal(tmp_path: Path) -> None:
    names = [name for name in NAMES if name != ".."]
    for name in names:
        (tmp_path / "submissions" / name).mkdir(parents=True)
    done = grade("run", tmp_path / "submissions", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    results = [json.loads(path.read_text()) for path in (tmp_path / "out" / "results").iterdir()]
    as_text = {os.fsencode(name).decode("utf-8", "backslashreplace") for name in names}
    assert {each["submission"] for each in results} == as_text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "submissions"]
    with (tmp_path / "out" / "grades.csv").open(newline="") as file:
        cells = [line["submission"] for line in csv.DictReader(file)]
    assert len(set(cells)) == len(names)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r" or not cell.isprintable()]
    for stream in (done.stdout, done.stderr, grade("show", tmp_path / "out").stdout):
        assert not [character for character in stream if not character.isprintable() and character != "\n"]
        assert "[bold]x" in stream


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere", "-o", "out"], "nowhere: cannot be listed"),
        (["nothing", "-o", "out"], "nothing: holds no submission"),
        (["class/ada/kl.py", "-o", "out"], "neither a folder nor a .zip"),
        (["class", "-o", "class/ada/kl.py"], "lies inside class"),
        (["class", "-o", "class/out"], "lies inside class"),
        (["class", "-o", "nothing/file/out"], "cannot hold results"),
        (["class", "-o", "out", "--only", "kll"], "there is no exercise 'kll'; the exercises are sampler, backward, kl"),
        (["class", "-o", "out", "-j", "0"], "Invalid value for '-j' / '--jobs': 0 is not in the range"),
        (["class", "-o", "out", "--seed", "-1"], "Invalid value for '--seed': -1 is not in the range"),
        (["class"], "Missing option '-o' / '--out'"),
    ],
)
def test_wrong_usage_is_said_on_one_line_with_exit_code_2_and_writes_nothing(tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "kl.py").touch()
    (tmp_path / "nothing").mkdir()
    if "nothing/file/out" in arguments:
        (tmp_path / "nothing" / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    done = grade("run", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_weaker_isolation_is_announced_recorded_and_does_not_outlast_the_run_that_asked_for_it(submissions: Path, tmp_path: Path) -> None:
    one, out = tmp_path / "one", tmp_path / "out"
    shutil.copytree(submissions / "right", one / "right")
    done = grade("run", one, "-o", out, "--only", "kl", "--isolation", "process")
    assert done.stderr.startswith("warning: --isolation process: student code runs with your rights")
    assert (done.returncode, next(iter(result(out, "right")["isolation"]))) == (0, "process")  # type: ignore[call-overload]
    done = grade("run", one, "-o", out, "--only", "kl")
    assert "1 graded" in done.stdout
    assert "process" not in list(result(out, "right")["isolation"])  # type: ignore[call-overload]
