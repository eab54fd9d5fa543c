"""The notebooks themselves: sound, complete, made anew from their sources, and running from top to bottom with the solutions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader_commands import ASSIGNMENT, notebook, run

from grader.release.notebooks import make_notebook
from grader.release.plain_tests import hidden_tests
from grader.unit import current

EXERCISES = [exercise.name for exercise in current().exercises]


def made(name: str, *, plain: bool = False) -> dict[str, object]:
    exercise = current().exercise(name)
    return json.loads(make_notebook(exercise, current(), hidden_tests(exercise) if plain else None))


def graded(name: str, *, plain: bool = False) -> dict[str, float]:
    cells = [cell["metadata"]["nbgrader"] for cell in made(name, plain=plain)["cells"]]
    return {cell["grade_id"]: cell["points"] for cell in cells if cell["grade"]}


@pytest.mark.parametrize("name", EXERCISES)
def test_a_notebook_is_sound_and_the_same_whenever_it_is_made(name):
    text = make_notebook(current().exercise(name), current())
    assert text == make_notebook(current().exercise(name), current())
    nbformat.validate(nbformat.reads(text, as_version=4))
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in json.loads(text)["cells"]]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in ids)


@pytest.mark.parametrize("name", EXERCISES)
def test_every_function_has_its_cell_and_its_points(name):
    exercise = current().exercise(name)
    worth = {f"{function.name}-checks": sum(check.points for check in function.checks) for function in exercise.functions}
    assert graded(name, plain=True) == worth
    assert sum(worth.values()) == exercise.points
    assert graded(name) == (dict.fromkeys(worth, 0.0) if exercise.bonus else worth)


def test_every_public_check_stands_in_a_notebook():
    from grader.unit import data_directory

    for name in EXERCISES:
        text = (data_directory("exercises") / "checks" / f"test_{name}.py").read_text()
        sources = "".join("".join(cell["source"]) for cell in made(name)["cells"])
        assert all(sources.count(check) == 2 for check in re.findall(r"def (test_\w+)", text))


def test_the_numbers_of_the_walk_through_are_those_of_the_catalogue():
    unit = replace(current(), walk_through=replace(current().walk_through, mu=0.625))
    text = make_notebook(unit.exercise("kl"), unit)
    assert "    MU=0.625," in text
    assert r"$\\mu = 0.625$" in text
    assert "0.625" not in make_notebook(current().exercise("kl"), current())


def test_no_hidden_test_stands_in_what_students_get_from_a_plain_course(tmp_path):
    run("grade", "nbgrader", "init", tmp_path / "course", "--plain")
    assert "use_grader" not in (tmp_path / "course" / "nbgrader_config.py").read_text()
    run("nbgrader", "generate_assignment", ASSIGNMENT, cwd=tmp_path / "course")
    for step, there in (("source", True), ("release", False)):
        for path in (tmp_path / "course" / step / ASSIGNMENT).glob("*.ipynb"):
            assert ("HIDDEN TESTS" in path.read_text()) is there
            assert ("BEGIN SOLUTION" in path.read_text()) is there


def test_with_the_solutions_all_notebooks_run_from_top_to_bottom_hidden_tests_included(tmp_path: Path):
    for name in EXERCISES:
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(made(name, plain=True)))
    run("jupyter", "nbconvert", "--execute", "--to", "notebook", "--output-dir", tmp_path / "out", *sorted(tmp_path.glob("*.ipynb")))
    pictures = 0
    for name in EXERCISES:
        outputs = [output for cell in notebook(tmp_path / "out" / f"{name}.ipynb")["cells"] for output in cell.get("outputs", [])]
        assert not [output for output in outputs if output["output_type"] == "error"]
        assert "not yet" not in json.dumps(outputs)
        pictures += sum("image/png" in output.get("data", {}) for output in outputs)
    assert pictures == 4
