"""The exchange, by which notebooks travel to students and back on a shared server, works as ever: five commands of nbgrader's around ours."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path

import pytest
from nbgrader_class import FULL, with_solutions
from nbgrader_commands import ASSIGNMENT, notebook, read, run


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A course, and the home of a student who has fetched, solved and handed in the assignment."""
    top = tmp_path_factory.mktemp("exchange")
    course, home, shared = top / "vae", top / "home", top / "shared"
    shared.mkdir()
    shared.chmod(0o777)  # what nbgrader demands of an exchange
    run("grade", "nbgrader", "init", course)
    settings = f'c.Exchange.root = "{shared}"\nc.CourseDirectory.course_id = "vae"\n'
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(settings)
    home.mkdir()
    (home / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}")
    run("nbgrader", "generate_assignment", ASSIGNMENT, cwd=course)
    run("nbgrader", "release_assignment", ASSIGNMENT, cwd=course)
    run("nbgrader", "fetch_assignment", ASSIGNMENT, cwd=home)
    for name in FULL:
        released, source = home / ASSIGNMENT / f"{name}.ipynb", course / "source" / ASSIGNMENT / f"{name}.ipynb"
        released.write_text(json.dumps(with_solutions(notebook(released), notebook(source))))
    run("nbgrader", "submit", ASSIGNMENT, cwd=home)
    run("nbgrader", "collect", ASSIGNMENT, cwd=course)
    run("grade", "nbgrader", "autograde", course)
    return course, home


def test_what_a_student_fetches_shows_its_pictures_and_no_solution(exchange: tuple[Path, Path]) -> None:
    course, home = exchange
    for path in (course / "release" / ASSIGNMENT).glob("*.ipynb"):
        assert "BEGIN SOLUTION" not in path.read_text()
        for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text()):
            assert (home / ASSIGNMENT / picture).is_file()


def test_what_was_collected_is_graded_in_full_and_with_its_time(exchange: tuple[Path, Path]) -> None:
    course, _ = exchange
    (book,) = read(course).values()
    assert (book["score"], book["max_score"]) == (110.0, 100.0)
    assert book["timestamp"] != "None"


def test_feedback_goes_back_through_the_exchange(exchange: tuple[Path, Path]) -> None:
    course, home = exchange
    for command in ("generate_feedback", "release_feedback"):
        run("nbgrader", command, ASSIGNMENT, cwd=course)
    run("nbgrader", "fetch_feedback", ASSIGNMENT, cwd=home)
    pages = {path.name: path.read_text() for path in (home / ASSIGNMENT / "feedback").rglob("*.html")}
    assert set(pages) == {f"{name}.html" for name in FULL}
    assert "kl_gradient_formula" in pages["kl.html"]


def test_a_second_submission_replaces_the_first(exchange: tuple[Path, Path]) -> None:
    course, home = exchange
    (home / ASSIGNMENT / "kl.ipynb").unlink()
    (home / ASSIGNMENT / "kl.ipynb").write_bytes((course / "release" / ASSIGNMENT / "kl.ipynb").read_bytes())
    run("nbgrader", "submit", ASSIGNMENT, cwd=home)
    run("nbgrader", "collect", ASSIGNMENT, "--update", cwd=course)
    run("grade", "nbgrader", "autograde", course)
    book = read(course)[getpass.getuser()]
    assert (book["score"], book["notebooks"]["kl"]["score"]) == (90.0, 0.0)
