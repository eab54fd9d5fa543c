"""A course in which this package grades two assignments: whatever was added first, no notebook of either runs outside the sandbox."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from nbgrader_class import begin_with, with_solutions
from nbgrader_commands import ASSIGNMENT, notebook, read, run
from traitlets.config import Config

from grader.nbgrader.config import use_grader

NAMES = (ASSIGNMENT, "week7")


def escaping(solved: dict[str, Any], outside: Path) -> dict[str, Any]:
    """A notebook that is right, and writes a file if it is let."""
    attempt = f"try:\n    with open({str(outside)!r}, 'a') as file:\n        file.write('ran')\nexcept OSError:\n    pass"
    copy: dict[str, Any] = json.loads(json.dumps(solved))
    begin_with(attempt)(copy)
    return copy


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A course to which both were added, and the file that notebooks of two students try to write."""
    course, outside = (tmp_path_factory.mktemp("several") / name for name in ("course", "outside.txt"))
    for name in NAMES:
        run("grade", "nbgrader", "init", course, "--assignment", name)
    for name in NAMES:
        run("nbgrader", "generate_assignment", name, cwd=course)
        solved = with_solutions(*(notebook(course / step / name / "kl.ipynb") for step in ("release", "source")))
        for student in ("ada", "bob"):
            folder = course / "submitted" / student / name
            folder.mkdir(parents=True)
            (folder / "kl.ipynb").write_text(json.dumps(escaping(solved, outside)))
    return course, outside


def kl_scores(course: Path, assignment: str) -> dict[str, float]:
    return {student: book["notebooks"]["kl"]["score"] for student, book in read(course, assignment).items()}


def test_both_are_graded_in_the_sandbox_by_nbgrader_and_by_our_command(prepared):
    course, outside = prepared
    for name in NAMES:
        run("nbgrader", "autograde", name, "--student", "ada", cwd=course)
        assert not outside.exists()
        assert kl_scores(course, name) == {"ada": 20.0}
        assert "kl_gradient_formula" in (course / "autograded" / "ada" / name / "kl.ipynb").read_text()
        run("grade", "nbgrader", "autograde", course, name)
        assert not outside.exists()
        assert kl_scores(course, name) == {"ada": 20.0, "bob": 20.0}
        assert (course / "results" / name / "results" / "bob.json").is_file()


def test_where_several_are_graded_the_command_asks_which(prepared):
    course, _ = prepared
    said = run("grade", "nbgrader", "autograde", course, code=2)
    assert "name one of them: " in said
    assert all(name in said for name in NAMES)
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "config",
    [
        'from grader.nbgrader.config import use_grader\nuse_grader(c, assignment="reparameterization")\n',
        'from grader.nbgrader.config import use_grader\nuse_grader(get_config(), "reparameterization")\nuse_grader(c, "reparameterization")\n',
        'from grader.nbgrader.config import use_grader\nuse_grader(c, "reparameterization")\nc.UnitGrading.assignment = "week7"\n',
    ],
    ids=["by keyword", "twice", "assigned"],
)
def test_a_configuration_of_an_earlier_version_names_what_it_named(tmp_path, config):
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{config}")
    said = run("grade", "nbgrader", "autograde", tmp_path, ASSIGNMENT, code=2)
    assert "nbgrader generate_assignment reparameterization" in said
    said = run("grade", "nbgrader", "autograde", tmp_path, code=2)
    assert ("name one of them: reparameterization, week7" in said) == ("week7" in config)
    before = (tmp_path / "nbgrader_config.py").read_bytes()
    run("grade", "nbgrader", "init", tmp_path)
    assert (tmp_path / "nbgrader_config.py").read_bytes() == before


def test_a_line_that_is_commented_out_does_not_count_as_configured(tmp_path):
    config = 'c = get_config()\n# use_grader(get_config(), "reparameterization")\nif False:\n    use_grader(get_config(), "reparameterization")\n'
    (tmp_path / "nbgrader_config.py").write_text(config)
    run("grade", "nbgrader", "init", tmp_path)
    assert "nbgrader generate_assignment" in run("grade", "nbgrader", "autograde", tmp_path, code=2)


def test_an_assignment_of_one_configuration_file_stays_when_another_file_adds_one(tmp_path, monkeypatch):
    for folder, name in ((tmp_path / "site", "week7"), (tmp_path / "course", ASSIGNMENT)):
        folder.mkdir()
        lines = f"from grader.nbgrader.config import use_grader\nuse_grader(get_config(), {name!r})\n"
        (folder / "nbgrader_config.py").write_text(lines)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", os.fspath(tmp_path / "site"))
    said = run("grade", "nbgrader", "autograde", tmp_path / "course", code=2)
    assert "name one of them: week7, reparameterization" in said


def test_preprocessors_that_a_course_added_to_nbgraders_own_are_kept_and_ours_are_in():
    c = Config()
    c.Autograde.autograde_preprocessors.append("mine.Preprocessor")
    use_grader(c, ASSIGNMENT)
    use_grader(c, "week7")
    names = [name.rpartition(".")[2] for name in c.Autograde.autograde_preprocessors]
    assert names[-1] == "Preprocessor"
    assert {"SandboxedExecute", "SaveVerdicts"} <= set(names)
    assert not {"Execute", "SaveAutoGrades"} & set(names)
