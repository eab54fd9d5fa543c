"""The notebooks of the student kit, as a student uses them: run from top to bottom in a real kernel, before and after the work, and handed in."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.release import build_kit
from grader.unit import current, data_directory

BIN = Path(sys.executable).parent
EXERCISES = [exercise.name for exercise in current().exercises]
FUNCTIONS = [function.name for exercise in current().exercises for function in exercise.functions]


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """The kit's folder. Not to be written to."""
    folder = tmp_path_factory.mktemp("student") / "kit"
    build_kit(folder)
    return folder


@pytest.fixture(scope="module")
def filled(kit):
    """The same notebooks with the solutions written into them, in a folder beside the kit's pictures. Not to be written to."""
    folder = kit / "filled"
    folder.mkdir()
    for name in EXERCISES:
        notebook = json.loads((kit / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        solution = (data_directory("solutions") / f"{name}.py").read_text(encoding="utf-8")
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and "raise NotImplementedError(" in "".join(cell["source"]):
                cell["source"] = re.search(rf"^(def|class) {cell['id']}\b.*?(?=^def |^class |\Z)", solution, re.MULTILINE | re.DOTALL)[0]
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def outputs_after_running_all(folder, tmp_path):
    """By exercise, all that the cells of its notebook put out; no cell may raise."""
    command = [BIN / "jupyter", "nbconvert", "--execute", "--to", "notebook", "--output-dir", tmp_path / "out", *sorted(folder.glob("*.ipynb"))]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=500)  # noqa: S603  # our own
    assert done.returncode == 0, done.stderr
    ran = {name: json.loads((tmp_path / "out" / f"{name}.ipynb").read_text(encoding="utf-8")) for name in EXERCISES}
    return {name: [output for cell in notebook["cells"] for output in cell.get("outputs", [])] for name, notebook in ran.items()}


def printed(outputs):
    return "".join("".join(output["text"]) for output in outputs if output["output_type"] == "stream" and output["name"] == "stdout")


@pytest.mark.parametrize("name", EXERCISES)
def test_a_notebook_is_sound_without_outputs_and_carries_no_metadata_of_a_course(kit, name):
    text = (kit / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert [cell.metadata for cell in notebook.cells if cell.metadata] == [{"jupyter": {"source_hidden": True}}]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_text_is_the_handouts_and_its_links_and_pictures_lead_somewhere(kit, name):
    cells = json.loads((kit / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    handout = (kit / "README.md").read_text(encoding="utf-8")
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert len(texts) > 1
    for text in texts[1:]:
        paragraph = text.split("\n\n")[1].replace("../figures/", "figures/")
        assert paragraph in re.sub(r"\[([^\]]+)\]\(#[\w-]+\)", r"\1", handout)
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert (kit / "notebooks" / target).is_file(), target


def test_pictures_of_the_handout_are_in_the_notebooks(kit):
    texts = "".join(path.read_text(encoding="utf-8") for path in (kit / "notebooks").iterdir())
    assert all(f"../figures/{path.name}" in texts for path in (kit / "figures").iterdir())


def test_untouched_notebooks_run_to_the_end_and_say_what_is_to_do(kit, tmp_path):
    said = {name: printed(outputs) for name, outputs in outputs_after_running_all(kit / "notebooks", tmp_path).items()}
    everything = "".join(said.values())
    assert all(f"to do    {function} is not written yet" in everything or f"to do    {function}." in everything for function in FUNCTIONS)
    assert "not yet" not in everything.replace("do not pass yet", "")
    assert "No picture yet" in said["sampler"]


def test_with_the_solutions_every_check_of_the_notebooks_passes(filled, tmp_path):
    pictures = 0
    for name, outputs in outputs_after_running_all(filled, tmp_path).items():
        assert "passed" in printed(outputs)
        assert not re.search(r"not yet|to do|do not pass|No picture", printed(outputs)), name
        pictures += sum("image/png" in output.get("data", {}) for output in outputs)
    assert pictures == 4


@pytest.mark.parametrize("where", ["filled", "notebooks"])
def test_notebooks_that_are_handed_in_earn_what_they_deserve(filled, tmp_path, where):
    shutil.copytree(filled.parent / where, tmp_path / "class" / "ada")
    command = [BIN / "grade", "run", tmp_path / "class", "-o", tmp_path / "out", "-j", "1"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=300)  # noqa: S603  # our own
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "out" / "results" / "ada.json").read_text(encoding="utf-8"))
    assert (result["score"], result["bonus"]) == ((100.0, 10.0) if where == "filled" else (0.0, 0.0))
    outcomes = {check["outcome"] for exercise in result["exercises"].values() for check in exercise["checks"]}
    assert outcomes == ({"passed"} if where == "filled" else {"not_implemented"})
