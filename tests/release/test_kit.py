"""The student kit is complete and gives nothing away; a planted leak is found wherever it stands."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UnitError, UsageError
from grader.release import build_kit, kit
from grader.release.proof import leaks
from grader.unit import CHECKS_DIRECTORY, current, data_directory

CLEAN = kit.kit_files(current())


def test_the_kit_holds_what_a_student_needs_and_nothing_else(tmp_path):
    *written, archive = build_kit(tmp_path / "kit")
    assert archive == tmp_path / "kit.zip"
    names = {path.relative_to(tmp_path / "kit").as_posix() for path in (tmp_path / "kit").rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path / "kit").as_posix() for path in written} == names
    exercises = {exercise.name for exercise in current().exercises}
    assert names == (
        {"START_HERE.md", "README.md", "README.html", "gradient_flow.html", "requirements.txt", "check.py"}
        | {"checks/conftest.py", "checks/settings.ini", "checks/walk_through.py", "checks/tasks.py"}
        | {f"figures/{name}.svg" for name in ("graph_direct", "graph_reparameterized", "shared_noise", "variance_for_sd")}
        | {f"{name}.py" for name in exercises}
        | {f"checks/test_{name}.py" for name in exercises}
        | {f"notebooks/{name}.ipynb" for name in exercises}
    )


def test_the_archive_holds_the_same_files_in_one_folder(tmp_path):
    *written, archive = build_kit(tmp_path / "kit")
    with zipfile.ZipFile(archive) as members:
        assert {name: members.read(name) for name in members.namelist()} == {
            path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in written
        }


def test_the_archive_is_the_same_bytes_whenever_and_wherever_it_is_made(tmp_path):
    first, second = (build_kit(tmp_path / place / "kit")[-1].read_bytes() for place in ("here", "there"))
    assert first == second


def test_an_archive_that_is_there_is_not_overwritten(tmp_path):
    (tmp_path / "kit.zip").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"kit\.zip: exists already"):
        build_kit(tmp_path / "kit")
    assert (tmp_path / "kit.zip").read_bytes() == b"mine"
    assert not (tmp_path / "kit").exists()


def test_the_requirements_are_those_of_the_package():
    assert [line.partition(">=")[0] for line in CLEAN["requirements.txt"].splitlines()] == ["numpy", "pytest", "torch"]


def test_public_checks_do_not_import_the_grader():
    assert not any("grader" in line for text in CLEAN.values() for line in text.splitlines() if line.lstrip().startswith(("import ", "from ")))


def test_an_empty_folder_is_accepted(tmp_path):
    (tmp_path / "kit").mkdir()
    assert build_kit(tmp_path / "kit")


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        build_kit(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert not tmp_path.with_name(f"{tmp_path.name}.zip").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "kit").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        build_kit(tmp_path / "kit")


def test_a_kit_that_gives_something_away_is_not_written(tmp_path, monkeypatch):
    files = CLEAN | {"kl.py": (data_directory("solutions") / "kl.py").read_text(encoding="utf-8")}
    monkeypatch.setattr(kit, "kit_files", lambda _: files)
    with pytest.raises(UnitError, match=r"kl\.py: holds a line of the solution"):
        build_kit(tmp_path / "kit")
    assert not (tmp_path / "kit").exists()


def test_the_clean_kit_has_no_leaks():
    assert leaks(CLEAN, current()) == []


@pytest.mark.parametrize("exercise", [exercise.name for exercise in current().exercises])
@pytest.mark.parametrize("place", ["README.md", "checks/conftest.py", "extra/notes.txt"])
def test_a_solution_is_found_wherever_it_is_planted(exercise, place):
    planted = CLEAN.get(place, "") + (data_directory("solutions") / f"{exercise}.py").read_text(encoding="utf-8")
    assert any(line.startswith(f"{place}: holds a line of the solution") for line in leaks(CLEAN | {place: planted}, current()))


SECRET_LINES = [
    "return mu + sigma * epsilon",
    "grad_sigma = unbroadcast(grad_z * epsilon, np.shape(sigma))",
    "return np.array(mu), 0.5 * np.expm1(log_var)",
    "tail = np.minimum(u, 1.0 - u)",
    "return (-np.expm1(np.log1p(-u) / b)) ** (1.0 / a)",
    "u = rng.integers(1, 2**53, size=shape) / 2**53",
    "return x.T @ grad_mu, x.T @ grad_log_var",
    "gradients.append(-rise / (upper - lower) / density)",
    "# dz/dsigma = epsilon: the noise that was drawn says how far sigma moves this very z.",
]


@given(line=st.sampled_from(SECRET_LINES), name=st.sampled_from(sorted(CLEAN)), position=st.floats(0, 1), indent=st.text(" \t", max_size=9))
def test_one_line_of_a_solution_is_found_in_any_file_at_any_place_and_indentation(line, name, position, indent):
    lines = CLEAN[name].splitlines()
    lines.insert(int(position * len(lines)), indent + line)
    found = leaks(CLEAN | {name: "\n".join(lines)}, _catalogue_without_structure(name))
    assert any(leak.startswith(f"{name}: holds a line of the solution") for leak in found)


def _catalogue_without_structure(name: str):
    """Leave out the exercise whose stub the plant has made unreadable as Python: content alone must give it away."""
    unit = current()
    return replace(unit, exercises=tuple(exercise for exercise in unit.exercises if f"{exercise.name}.py" != name))


def test_code_in_a_stub_is_found_whatever_it_says():
    stub = CLEAN["kl.py"].replace('raise NotImplementedError("kl_gradient is', 'x = 1\n    raise NotImplementedError("kl_gradient is')
    (leak,) = leaks(CLEAN | {"kl.py": stub}, current())
    assert leak.startswith("kl.py:")
    assert leak.endswith("code in a stub")


def with_cell(**changes):
    """The kit, with the first code cell of a notebook changed."""
    notebook = json.loads(CLEAN["notebooks/kl.ipynb"])
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell.update({key: change(cell[key]) for key, change in changes.items()})
    return CLEAN | {"notebooks/kl.ipynb": json.dumps(notebook)}


@pytest.mark.parametrize("indent", [None, 4])
def test_a_solution_is_found_in_a_notebook_however_its_json_is_written(indent):
    notebook = json.loads(CLEAN["notebooks/kl.ipynb"])
    notebook["cells"][0]["metadata"] = {"note": "return np.array(mu),\t0.5 * np.expm1(log_var)"}
    notebook["cells"][1]["source"] = ["return mu + sig", "ma * epsilon\n"]
    found = leaks(CLEAN | {"notebooks/kl.ipynb": json.dumps(notebook, indent=indent)}, current())
    assert sum(leak.startswith("notebooks/kl.ipynb: holds a line of the solution") for leak in found) == 2


def test_a_hidden_check_is_found_in_a_notebook():
    hidden = (CHECKS_DIRECTORY / "test_kl.py").read_text(encoding="utf-8").splitlines(keepends=True)
    found = leaks(with_cell(source=lambda source: source + hidden), current())
    assert any(leak.startswith("notebooks/kl.ipynb: holds a passage of the hidden check test_kl.py") for leak in found)


def test_code_in_a_function_of_a_notebook_is_found_whatever_it_says():
    leak = "notebooks/kl.ipynb: kl_gradient is not what it is in the stub"
    assert leaks(with_cell(source=lambda source: ["def kl_gradient(mu, sigma):\n", "    pass\n", *source]), current()) == [leak]


def test_an_output_in_a_notebook_is_found():
    output = {"output_type": "stream", "name": "stdout", "text": "0.16814"}
    assert leaks(with_cell(outputs=lambda _: [output]), current()) == ["notebooks/kl.ipynb: holds the output of a cell"]


def test_a_missing_stub_is_found():
    assert leaks({name: text for name, text in CLEAN.items() if name != "kl.py"}, current()) == ["kl.py: no stub of that name"]


# Shorter files are frames without a check in them.
HIDDEN = sorted(path for path in CHECKS_DIRECTORY.rglob("*.py") if path.stat().st_size > 1000)


@pytest.mark.parametrize("path", HIDDEN, ids=lambda path: path.name)
def test_every_hidden_file_is_found_wherever_it_is_planted(path: Path):
    planted = CLEAN["checks/test_kl.py"] + path.read_text(encoding="utf-8")
    found = leaks(CLEAN | {"checks/test_kl.py": planted}, current())
    assert any(leak.startswith("checks/test_kl.py: holds a passage of the hidden check") for leak in found)
