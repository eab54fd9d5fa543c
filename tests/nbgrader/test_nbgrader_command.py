"""`grade nbgrader`: existing courses are extended, mistakes are a line, an interrupted run goes on."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader_class import FULL
from nbgrader_commands import ASSIGNMENT, BIN, read, run

from grader.cli import main


def grade(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    return done.exit_code, done.output


def test_a_course_that_exists_is_extended_and_nothing_is_overwritten(tmp_path: Path):
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "mine"\n')
    (tmp_path / "source" / ASSIGNMENT).mkdir(parents=True)
    (tmp_path / "source" / ASSIGNMENT / "kl.ipynb").write_text("mine")
    code, said = grade("nbgrader", "init", tmp_path)
    assert (code, "left" in said) == (0, True)
    assert (tmp_path / "source" / ASSIGNMENT / "kl.ipynb").read_text() == "mine"
    config = (tmp_path / "nbgrader_config.py").read_text()
    assert config.startswith('c = get_config()\nc.CourseDirectory.course_id = "mine"\n')
    assert config.count("use_grader(") == 1
    assert {path.name for path in (tmp_path / "source" / ASSIGNMENT).iterdir()} == {"figures", *(f"{name}.ipynb" for name in FULL)}


def test_the_pictures_that_the_notebooks_refer_to_are_in_the_course(tmp_path: Path):
    grade("nbgrader", "init", tmp_path)
    source = tmp_path / "source" / ASSIGNMENT
    pictures = [target for path in source.glob("*.ipynb") for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text())]
    assert pictures
    assert all((source / picture).is_file() for picture in pictures)


def test_init_twice_changes_nothing_and_force_writes_the_notebooks_anew(tmp_path: Path):
    grade("nbgrader", "init", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "source" / ASSIGNMENT / "kl.ipynb").write_text("mine")
    grade("nbgrader", "init", tmp_path)
    assert (tmp_path / "source" / ASSIGNMENT / "kl.ipynb").read_text() == "mine"
    grade("nbgrader", "init", tmp_path, "--force")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["autograde", "{empty}"], "grade nbgrader init"),
        (["autograde", "{course}", "other"], "does not have other graded by this package"),
        (["autograde", "{course}"], "nbgrader generate_assignment"),
        (["push", "{empty}", "--course", "{course}"], "holds no results"),
        (["init", "{course}", "--assignment", "a+b"], "allows no '+'"),
        (["init", "{course}", "--assignment", "../x"], "cannot be the name"),
        (["init", "{course}", "--assignment", "week*"], "allows no '+', '*'"),
        (["init", "{course}", "--assignment", "-week"], "no '-' in front"),
        (["init", "{course}", "--assignment", " week"], "no blanks around"),
        (["init", "{course}", "--assignment", "we\nek"], "cannot be the name"),
        (["init", "{course}", "--assignment", "week" * 64], "cannot be the name"),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_fix(tmp_path, arguments, says):
    (tmp_path / "empty").mkdir()
    run("grade", "nbgrader", "init", tmp_path / "course")
    before = files(tmp_path / "course")
    said = run("grade", "nbgrader", *(part.format(empty=tmp_path / "empty", course=tmp_path / "course") for part in arguments), code=2)
    assert says in said
    assert len(said.splitlines()) == 1
    assert arguments[0] != "init" or files(tmp_path / "course") == before


@pytest.mark.parametrize("assignment", ['we"ek', "we'ek", "we\\ek", "we'e\"k", "{week}", "wéek"])
def test_an_assignments_name_is_configured_as_it_stands(tmp_path, assignment):
    (tmp_path / "nbgrader_config.py").write_bytes(b"# -*- coding: latin-1 -*-\r\nc = get_config()  # \xe9\r\n")
    for _ in range(2):
        run("grade", "nbgrader", "init", tmp_path, "--assignment", assignment)
    assert (tmp_path / "nbgrader_config.py").read_bytes().count(b"use_grader(") == 1
    said = run("grade", "nbgrader", "autograde", tmp_path, assignment, code=2)
    assert f"{assignment}: is not in the gradebook yet" in said


@pytest.mark.parametrize("name", ['a "course"', "a 'course'", "a\\course", "a\ncourse"])
def test_any_folder_can_be_a_course(tmp_path, name):
    run("grade", "nbgrader", "init", tmp_path / name)
    run("nbgrader", "generate_assignment", ASSIGNMENT, cwd=tmp_path / name)
    assert {path.name for path in (tmp_path / name / "release" / ASSIGNMENT).glob("*.ipynb")} == {f"{exercise}.ipynb" for exercise in FULL}


def test_to_a_configuration_that_is_no_python_nothing_is_added(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "mine\n')
    before = files(tmp_path)
    said = run("grade", "nbgrader", "init", tmp_path, code=2)
    assert re.search(r"nbgrader_config.py: is not valid Python: .*line 2\); mend it", said)
    assert files(tmp_path) == before


def files(folder: Path) -> dict[Path, bytes | None]:
    """All that lies in a folder, folders without anything in them included."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_without_nbgrader_one_line_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    code, said = grade("nbgrader", "init", tmp_path)
    assert code == 2
    assert "pip install 'reparam-exercises[nbgrader]'" in said


def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_happened(submitted_course, warm_course, tmp_path):
    course = Path(shutil.copytree(submitted_course, tmp_path / "course"))
    kept = ("right", "wrong", "warns", "late")
    for folder in (course / "submitted").iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)
    command = [str(BIN / "grade"), "nbgrader", "autograde", str(course), "-j", "1"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603  # our own command
    assert running.stdout is not None
    while "[2/4]" not in running.stdout.readline():
        assert running.poll() is None
    time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    run("grade", "nbgrader", "autograde", course)
    expected = read(warm_course)
    for name, book in read(course).items():
        assert (book["score"], book["timestamp"]) == (expected[name]["score"], expected[name]["timestamp"])
        shown = {path.name for path in (course / "autograded" / name / ASSIGNMENT).iterdir()}
        assert shown == {*(f"{each}.ipynb" for each in FULL), "figures", "timestamp.txt"}


PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin


class Unfinished(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        raise NotImplementedError("the course has no penalty yet")


c.AssignLatePenalties.plugin_class = Unfinished
"""


def test_what_staff_read_of_a_failure_is_gone_once_the_result_is_entered(submitted_course, tmp_path):
    course = Path(shutil.copytree(submitted_course, tmp_path / "course"))
    for folder in (course / "submitted").iterdir():
        if folder.name not in ("warns", "late"):
            shutil.rmtree(folder)
    config = course / "nbgrader_config.py"
    finished = config.read_text()
    config.write_text(finished + PENALTY)
    run("grade", "nbgrader", "autograde", course, code=1)
    faults = course / "results" / ASSIGNMENT / "faults"
    assert [path.name for path in faults.iterdir()] == ["late.txt"]
    assert "the course has no penalty yet" in (faults / "late.txt").read_text()
    config.write_text(finished)
    assert "2 unchanged" in run("grade", "nbgrader", "autograde", course)
    assert list(faults.iterdir()) == []
    assert read(course)["late"]["notebooks"]["kl"]["penalty"] == 20.0


# Counts how often each result is opened while `grade` carries out the arguments that follow the folder.
COUNT_OPENED = """
import collections, json, sys
from pathlib import Path

from grader.cli import main

folder, opened = Path(sys.argv[1]) / "results", collections.Counter()
sys.addaudithook(lambda event, values: opened.update([Path(str(values[0]))]) if event == "open" else None)
try:
    main(sys.argv[2:])
finally:
    print(json.dumps({path.name: count for path, count in opened.items() if path.parent == folder}))
"""


def test_push_reads_every_result_once_however_many_there_are(submitted_course, tmp_path):
    course = Path(shutil.copytree(submitted_course, tmp_path / "course"))
    names = ("right", "warns", "late")
    for name in names:
        shutil.copytree(course / "submitted" / name / ASSIGNMENT, tmp_path / "handed-in" / name)
    run("grade", "run", tmp_path / "handed-in", "-o", tmp_path / "out")
    program = tmp_path / "count.py"
    program.write_text(COUNT_OPENED)
    said = run("python", "-W", "ignore", program, tmp_path / "out", "nbgrader", "push", tmp_path / "out", "--course", course)
    assert "3 submissions entered" in said
    assert json.loads(said.splitlines()[-1]) == {f"{name}.json": 1 for name in names}


def nest(folder: Path, levels: int) -> None:
    """Folders in folders, deeper than a path could name. What removes temporary folders does not get to the bottom of them, but `rm` does."""
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=descriptor)
        above, descriptor = descriptor, os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(above)
    os.close(descriptor)


def test_odd_things_beside_the_notebooks_stop_nobody(submitted_course, tmp_path, request):
    course = Path(shutil.copytree(submitted_course, tmp_path / "course"))
    for folder in (course / "submitted").iterdir():
        if folder.name not in ("warns", "late"):
            shutil.rmtree(folder)
    odd = course / "submitted" / "late" / ASSIGNMENT
    (odd / "timestamp.txt").write_bytes(b"\xff yesterday, I think")
    (odd / "encoder.ipynb").unlink()
    (odd / "encoder.ipynb").mkdir()
    (odd / "encoder.ipynb" / "x.txt").write_text("x")
    (odd / "sampler.ipynb").unlink()
    (odd / "sampler.ipynb").symlink_to("/etc/passwd")
    os.mkfifo(odd / "pipe.txt")
    (odd / "notes.txt").write_text("notes")
    nest(odd, 1300)
    request.addfinalizer(partial(subprocess.run, ["rm", "-rf", str(odd / "d")], check=True))
    (odd / ".kl.ipynb.partial").mkdir()
    (odd / ".kl.ipynb.partial" / "x.txt").write_text("x")
    run("grade", "nbgrader", "autograde", course)
    # A number with which the parser of dates cannot calculate; and the folder is in the way of a second writer, if of any.
    (odd / "timestamp.txt").write_text("20261120T155823139999999999999999999912.5m1_0")
    run("grade", "nbgrader", "autograde", course, "--force")
    books = read(course)
    assert {name: book["notebooks"]["kl"]["score"] for name, book in books.items()} == {"warns": 20.0, "late": 20.0}
    autograded = course / "autograded" / "late" / ASSIGNMENT
    assert (autograded / "notes.txt").read_text() == "notes"
    assert not (autograded / "pipe.txt").exists()
    assert "root:" not in (autograded / "sampler.ipynb").read_text()
