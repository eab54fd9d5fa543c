"""`python check.py` as a student uses it: unpacked from the archive into a new folder, without the grader, offline.

The interpreter is the one that runs the tests, since a new environment would have to download torch; PYTHONPATH is cleared, and importing the
grader or opening a connection ends the program.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.release import build_kit
from grader.unit import current, data_directory

GUARDED = """
import runpy, sys
def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request") or (event == "import" and arguments[0].partition(".")[0] == "grader"):
        print("GUARD", event, arguments, file=sys.stderr, flush=True)
        import os; os._exit(99)
sys.addaudithook(guard)
sys.argv = sys.argv[1:]
sys.path[0] = "."
runpy.run_path("check.py", run_name="__main__")
"""
EXERCISES = [exercise.name for exercise in current().exercises]


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    archive = build_kit(tmp_path / "kit")[-1]
    with zipfile.ZipFile(archive) as members:
        members.extractall(tmp_path / "a student's folder")
    return tmp_path / "a student's folder" / "kit"


def check(kit: Path, *names: str, **environment: str) -> tuple[int, str, dict[str, tuple[str, str]]]:
    """Run check.py; return its exit code, its output, and the state and the explanation of each function."""
    command = [sys.executable, "-c", GUARDED, "check.py", *names]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(  # noqa: S603  # our own interpreter
        command, cwd=kit, env={**clean, "PYTHONUTF8": "0", **environment}, capture_output=True, timeout=300, check=False
    )
    output = done.stdout.decode("utf-8", "replace")
    assert done.stderr == b"", done.stderr.decode()
    rows = re.findall(r"^  (\w+) +(done|to do|wrong) *(.*)$", output, re.MULTILINE)
    return done.returncode, output, {function: (state, line) for function, state, line in rows}


def solve(kit: Path, *exercises: str) -> None:
    for name in exercises:
        shutil.copy(data_directory("solutions") / f"{name}.py", kit)


def test_in_the_beginning_everything_is_to_do_and_the_first_function_comes_next(kit):
    code, output, states = check(kit)
    assert code == 1
    assert list(states) == [function.name for exercise in current().exercises for function in exercise.functions]
    assert set(states.values()) == {("to do", "")}
    assert "Next: write reparameterize in sampler.py. The handout's section on it: The trick." in output


def test_when_all_is_right_everything_is_done_and_the_rest_of_the_truth_is_told(kit):
    solve(kit, *EXERCISES)
    code, output, states = check(kit)
    assert code == 0
    assert set(states.values()) == {("done", "")}
    assert "18 of 18 functions are done." in output
    assert "the whole distribution and the independence of your draws" in output


def test_the_bonus_need_not_be_done(kit):
    solve(kit, "kl")
    assert check(kit, "kl", "implicit")[0] == 0


def test_what_is_wrong_is_explained_in_a_line_and_comes_next(kit):
    solve(kit, "sampler", "backward", "kl")
    edits = {
        "sampler": ("torch.exp(log_var / 2)", "torch.exp(log_var / 2).detach()"),
        "backward": ("import numpy as np", "import numpy as np\nraise SystemExit('café σ')"),
        "kl": ("np.sum(divergence", "np.mean(divergence"),
        "encoder": ("import numpy as np", "import numpy as np\n)"),
    }
    for name, (old, new) in edits.items():
        text = (kit / f"{name}.py").read_text(encoding="utf-8")
        assert old in text
        (kit / f"{name}.py").write_text(text.replace(old, new), encoding="utf-8")
    (kit / "implicit.py").unlink()
    code, output, states = check(kit, PYTHONIOENCODING="cp1252")
    assert code == 1
    assert states["reparameterize"] == states["sample"] == states["kl_gradient"] == ("done", "")
    assert states["rsample"][0] == "wrong"
    assert "log_var" in states["rsample"][1]
    assert states["kl_divergence"][0] == "wrong"
    assert "AxisError" in states["kl_divergence"][1]
    assert states["reparameterize_backward"][0] == states["Reparameterize"][0] == "wrong"
    assert states["reparameterize_backward"][1].startswith("backward.py ends the program while it is loaded: sys.exit('caf")
    assert states["encoder_backward"][0] == "wrong"
    assert states["encoder_backward"][1].startswith("SyntaxError: unmatched ')' (line ")
    assert states["implicit_gradient"] == ("to do", "there is no implicit.py")
    assert states["laplace_icdf"] == ("to do", "")
    assert "Next: repair rsample in sampler.py" in output


def test_one_file_can_be_checked_alone(kit):
    solve(kit, "kl")
    code, _, states = check(kit, "kl.py")
    assert code == 0
    assert list(states) == [function.name for function in current().exercise("kl").functions]


def test_who_works_in_a_notebook_is_told_that_the_file_of_its_name_would_count(kit):
    notebook = kit / "notebooks" / "kl.ipynb"
    assert "further than" not in check(kit, "kl")[1]
    notebook.write_text(notebook.read_text(encoding="utf-8").replace('raise NotImplementedError(\\"kl_divergence', '0 # (\\"'), encoding="utf-8")
    assert "notebooks/kl.ipynb is further than kl.py." in check(kit, "kl")[1]
    solve(kit, "kl")
    assert "further than" not in check(kit, "kl")[1]


def test_an_unknown_name_is_answered_with_the_known_ones(kit):
    code, output, _ = check(kit, "kll")
    assert code == 2
    assert output.strip() == f"There is no exercise 'kll'. The exercises are {', '.join(EXERCISES)}."


def test_the_students_own_pytest_settings_do_not_matter(kit):
    solve(kit, "kl")
    (kit / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    (kit.parent / "conftest.py").write_text("raise RuntimeError('not mine')", encoding="utf-8")
    assert check(kit, "kl", PYTEST_ADDOPTS="--also-unknown")[0] == 0
