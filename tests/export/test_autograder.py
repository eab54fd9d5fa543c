"""The autograder as Gradescope would run it: unpacked into a folder laid out as its container, with one submission beside it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from readers import gradescope_results

from grader.cli import main
from grader.unit import data_directory

BASH = shutil.which("bash") or "/bin/bash"
COURSE = '[gradescope]\nvisibility = "after_published"\n[gradescope.checks]\nsample_shape = "visible"\n'


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As Gradescope leaves it after set-up: in the environment is what the tests' own has, but for the grader, which is in the archive alone."""
    root = tmp_path_factory.mktemp("container") / "autograder"
    course = root.parent / "course.toml"
    course.write_text(COURSE, encoding="utf-8")
    command = ["export", str(root.parent), "--to", "gradescope-autograder", "--course", str(course)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(root.parent / "autograder.zip") as archive:
        for member in archive.infolist():
            path = Path(archive.extract(member, root / "source"))
            path.chmod(member.external_attr >> 16 & 0o777)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    venv.create(root / "environment")
    (site,) = (root / "environment").glob("lib/python*/site-packages")
    # A path file's own path files are not read, and so an editable installation in that folder does not count.
    (site / "of-the-tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    found = [str(root / "environment" / "bin" / "python"), "-P", "-c", "import grader.cli"]
    assert subprocess.run(found, cwd=root, capture_output=True, check=False).returncode != 0  # noqa: S603  # our own interpreter
    return root


def autograde(root: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    shutil.rmtree(root / "submission")
    (root / "submission").mkdir()
    for name, text in files.items():
        (root / "submission" / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root)}
    command = [str(root / "run_autograder")]
    return subprocess.run(command, env=environment, cwd=root / "submission", capture_output=True, text=True, check=False)  # noqa: S603  # our own script


def solutions(*names: str) -> dict[str, str]:
    return {f"{name}.py": (data_directory("solutions") / f"{name}.py").read_text(encoding="utf-8") for name in names}


def test_a_submission_gets_its_results_with_the_visibility_of_every_check(container: Path) -> None:
    done = autograde(container, {**solutions("sampler"), "grader.py": "raise SystemExit('imported from the submission')"})
    assert done.returncode == 0, done.stderr
    table = gradescope_results((container / "results" / "results.json").read_bytes())
    assert table["score"] == 20.0
    visible = {test["name"]: test["visibility"] for test in table["tests"]}
    assert visible["sampler: sample shape"] == "visible"
    assert visible["kl: kl gradient formula"] == "after_published"


def test_it_is_the_archives_own_package_that_grades(container: Path) -> None:
    version = container / "source" / "grader" / "__init__.py"
    before = version.read_text(encoding="utf-8")
    version.write_text(before.replace("0.1.0", "9.9.9"), encoding="utf-8")
    try:
        assert autograde(container, solutions("kl")).returncode == 0
        table = json.loads((container / "results" / "results.json").read_text(encoding="utf-8"))
        assert table["extra_data"]["package_version"] == "9.9.9"
    finally:
        version.write_text(before, encoding="utf-8")


def test_an_unusable_submission_gets_a_zero_with_the_reason_and_never_old_results(container: Path) -> None:
    (container / "results" / "results.json").write_text('{"score": 100}', encoding="utf-8")
    assert autograde(container, {"notes.txt": "hello"}).returncode == 0
    table = gradescope_results((container / "results" / "results.json").read_bytes())
    assert table["score"] == 0.0
    assert "No exercise file was found" in table["output"]


def test_where_the_grader_fails_there_is_no_result_and_no_zero(container: Path) -> None:
    catalogue = container / "source" / "grader" / "unit.toml"
    before = catalogue.read_bytes()
    catalogue.write_bytes(b"broken")
    try:
        assert autograde(container, solutions("kl")).returncode != 0
        assert not (container / "results" / "results.json").exists()
    finally:
        catalogue.write_bytes(before)


def test_the_archive_is_complete_executable_pinned_and_always_the_same(container: Path, tmp_path: Path) -> None:
    names = {path.relative_to(container / "source").as_posix() for path in (container / "source").rglob("*") if path.is_file()}
    assert {"setup.sh", "run_autograder", "requirements.txt", "grader/unit.toml", "grader/data/solutions/kl.py"} <= names
    assert not [name for name in names if "__pycache__" in name and "source" not in name and name.startswith("grader/data")]
    for name in ("setup.sh", "run_autograder"):
        assert (container / "source" / name).stat().st_mode & stat.S_IXUSR
        subprocess.run([BASH, "-n", str(container / "source" / name)], check=True)  # noqa: S603  # our own script
    requirements = (container / "source" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert all("==" in line and "+" not in line for line in requirements)
    assert {"torch", "numpy", "pytest"} <= {line.split("==")[0] for line in requirements}
    CliRunner().invoke(main, ["export", str(tmp_path), "--to", "gradescope-autograder", "--isolation", "process"])
    CliRunner().invoke(main, ["export", str(tmp_path / "again"), "--to", "gradescope-autograder", "--isolation", "process"])
    assert (tmp_path / "autograder.zip").read_bytes() == (tmp_path / "again" / "autograder.zip").read_bytes()


def test_the_workflow_is_yaml_that_installs_grades_and_keeps_the_feedback(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["export", str(tmp_path), "--to", "github-actions"]).exit_code == 0
    text = (tmp_path / ".github" / "workflows" / "grade.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["grade"]["steps"]
    (script,) = [step["run"] for step in steps if step.get("name") == "Grade"]
    assert "--isolation strict" in script
    assert "@" not in script
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


def test_the_workflows_script_does_what_it_says(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["export", str(tmp_path), "--to", "github-actions", "--isolation", "process"])
    workflow = yaml.safe_load((tmp_path / ".github" / "workflows" / "grade.yml").read_text(encoding="utf-8"))
    (script,) = [step["run"] for step in workflow["jobs"]["grade"]["steps"] if step.get("name") == "Grade"]
    work = tmp_path / "submissions" / "work"
    work.mkdir(parents=True)
    for name, text in solutions("kl").items():
        (work / name).write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    command = [BASH, "-e", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # our own script
    assert done.returncode == 0, done.stderr
    assert "20 of 100 points" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "feedback" / "work.html").exists()
    assert (tmp_path / "out" / "junit.xml").exists()
