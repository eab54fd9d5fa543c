from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from grader import __version__
from grader.demo import STUDENTS
from grader.unit import current, data_directory

GRADE = str(Path(sys.executable).with_name("grade"))
COMMANDS = ["adjust", "check", "demo", "doctor", "export", "nbgrader", "release", "report", "run", "show", "verify", "visualize"]


def grade(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([GRADE, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False, cwd=cwd)  # noqa: S603  # our own command


def test_starting_the_command_loads_nothing_heavy() -> None:
    program = "import sys, grader.cli; print(sorted({'torch', 'numpy', 'pytest', 'nbformat'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"  # noqa: S603  # our own interpreter


def test_the_command_names_its_version_and_its_commands() -> None:
    assert grade("--version").stdout == f"grade {__version__}\n"
    shown = grade("--help").stdout
    assert [command for command in COMMANDS if f" {command} " not in shown] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_help_text_has_an_example_on_a_line_of_its_own(command: str) -> None:
    done = grade(command, "--help")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line.strip().startswith(f"Example:  grade {command}")]


def test_an_interruption_while_the_command_still_starts_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "rich_click.py").write_text("import time\nprint('starting', flush=True)\ntime.sleep(60)\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    # Whoever runs the tests in the background has interruptions ignored, which children inherit.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([GRADE, "--help"], text=True, env=environment, preexec_fn=heeding, **pipes) as command:  # noqa: S603  # our own command
        assert command.stdout is not None
        assert command.stdout.readline() == "starting\n"
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=60)
    assert (command.returncode, said) == (130, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grde"], "No such command 'grde'"),
        (["run", ".", "-o", ""], "is empty"),
        (["run"], "Missing argument 'SUBMISSIONS'"),
        (["show", "nowhere"], "nowhere: holds no results"),
        (["check", "nowhere"], "nowhere: holds none of sampler.py"),
        (["check", "--only", "kll"], "there is no exercise 'kll'"),
        (["release", "full"], "full: is not empty"),
        (["release", "kit", "--check"], "leave one of them out"),
        (["demo", "full"], "full: holds something else"),
        (["run", "full", "-o", "out", "--isolation", "none"], "Invalid value for '--isolation'"),
    ],
)
def test_wrong_usage_is_a_line_and_exit_code_2(tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    done = grade(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_demo_grades_a_class_shows_one_student_and_keeps_what_it_graded(tmp_path: Path) -> None:
    done = grade("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    results = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "demo-class" / "out" / "results").iterdir()}
    assert len(results) == len(STUDENTS) + 1
    assert (results["ada"]["score"], results["ada"]["bonus"]) == (results["ivan"]["score"], results["ivan"]["bonus"]) == (100.0, 10.0)
    assert results["hana"]["score"] + results["hana"]["bonus"] == 0.0
    assert results["mo"]["status"] == "rejected"
    for name, exercise in {
        "chen": "sampler",
        "dana": "backward",
        "emil": "inverse_cdf",
        "fara": "encoder",
        "gil": "inverse_cdf",
        "kim": "kl",
    }.items():
        lost = {key for key, value in results[name]["exercises"].items() if value["score"] < value["max_score"]}
        assert lost == {exercise}, name
    assert {check["outcome"] for check in results["gil"]["exercises"]["inverse_cdf"]["checks"]} == {"passed", "timeout"}
    assert {check["outcome"] for check in results["fara"]["exercises"]["encoder"]["checks"]} == {"crashed"}
    assert {check["misconception"] for check in results["bela"]["exercises"]["kl"]["checks"]} > {None}
    assert "bela" in done.stdout
    assert "✗ kl_gradient_formula" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert f"{len(results)} unchanged" in grade("demo", cwd=tmp_path).stdout


def test_the_unit_is_verified(tmp_path: Path) -> None:
    done = grade("verify", "--quick", cwd=tmp_path)  # the bank is graded by tests/submissions
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if not line.startswith("✓ ")] == []
    assert "100, and 10 of bonus" in done.stdout


def test_the_doctor_names_every_layer_and_says_whether_student_code_can_be_held() -> None:
    done = grade("doctor")
    assert (done.returncode, "can be held here" in done.stdout) in {(0, True), (1, False)}
    assert all(layer in done.stdout for layer in ("landlock", "seccomp", "rlimits", "python", "torch", "numpy", "cores"))


def test_students_see_which_public_checks_fail_and_why(tmp_path: Path) -> None:
    for exercise in current().exercises:
        source = (data_directory("solutions") / f"{exercise.name}.py").read_text()
        (tmp_path / f"{exercise.name}.py").write_text(source.replace("sigma - 1.0 / sigma", "sigma"))
    before = sorted(tmp_path.rglob("*"))
    done = grade("check", cwd=tmp_path)
    assert done.returncode == 1
    assert "✓ sampler" in done.stdout
    assert "✗ kl" in done.stdout
    assert "kl gradient gives the gradients of the walk through" in done.stdout
    assert "dKL/dsigma differs from the handout's" in done.stdout
    assert sorted(tmp_path.rglob("*")) == before
    assert grade("check", data_directory("solutions")).returncode == 0
    assert grade("check", data_directory("exercises"), "--only", "kl").returncode == 1


def test_the_kit_is_written_and_the_exercises_are_in_sync(tmp_path: Path) -> None:
    done = grade("release", tmp_path / "kit")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kit" / "kl.py").exists()
    assert grade("release", "--check").returncode == 0
