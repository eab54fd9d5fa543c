"""A machine that is not as it should be: whatever is missing or damaged, a line says what it is, and what to do about it; never a traceback."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import GRADE, grade


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """A class of one, in which nothing is to be graded."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "kl.py").write_text("raise ImportError\n")
    return tmp_path / "class"


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-c", script.replace("GRADE", shlex.quote(GRADE))]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=cwd)  # noqa: S603  # our own script


def error_of(done: subprocess.CompletedProcess[str]) -> str:
    """The line that a command ended with."""
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_locale_that_knows_few_letters_keeps_nobody_from_being_graded(one: Path, tmp_path: Path) -> None:
    (one / "ada").rename(one / "日本")
    done = shell("PYTHONCOERCECLOCALE=0 PYTHONUTF8=0 LC_ALL=POSIX GRADE run class -o out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "out" / "results").iterdir()] == ["日本.json"]


def test_signs_that_an_encoding_lacks_silence_nothing(one: Path, tmp_path: Path) -> None:
    assert grade("run", one, "-o", tmp_path / "out").returncode == 0
    done = shell("PYTHONIOENCODING=ascii GRADE show out ada", tmp_path)
    assert (done.returncode, "kl_gradient" in done.stdout) == (0, True)


def test_a_working_folder_that_is_gone_is_named(one: Path, tmp_path: Path) -> None:
    done = shell(f"mkdir gone; cd gone; rmdir ../gone; GRADE run {one} -o {tmp_path}/out", tmp_path)
    assert "the working folder is gone" in error_of(done)


def test_an_out_that_leads_to_itself_is_wrong_usage(one: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    done = grade("run", one, "-o", tmp_path / "loop")
    assert (done.returncode, f"{tmp_path}/loop" in error_of(done)) == (2, True)


@pytest.mark.parametrize("package", ["torch", "pytest"])
def test_a_package_that_cannot_be_loaded_is_named(one: Path, tmp_path: Path, package: str) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / f"{package}.py").write_text(f"raise ImportError('a broken {package}')\n")
    done = grade("run", one, "-o", tmp_path / "out", env=os.environ | {"PYTHONPATH": str(tmp_path / "broken")})
    assert f"a broken {package}" in error_of(done)


@pytest.mark.parametrize("files", [8, 10])
def test_too_few_open_files_are_named(one: Path, tmp_path: Path, files: int) -> None:
    assert "Too many open files" in error_of(shell(f"ulimit -n {files}; GRADE run {one} -o out", tmp_path))


# The test command is for everybody, and only root may mount; CI is root, and has to have what else this takes.
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")
def test_a_machine_without_room_for_temporary_files_or_without_proc_is_named(one: Path, tmp_path: Path) -> None:
    read_only = f"mount -o remount,bind,ro /; mount -t tmpfs none /mnt; {GRADE} run {one} -o /mnt/out"
    assert "TMPDIR" in error_of(shell(f"unshare -m sh -c {shlex.quote(read_only)}", tmp_path))
    without_proc = f"umount -l /proc; {GRADE} run {one} -o {tmp_path}/out"
    assert "/proc" in error_of(shell(f"unshare -m sh -c {shlex.quote(without_proc)}", tmp_path))


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("checks/test_kl.py", None, "checks/test_kl.py"),
        ("checks/test_kl.py", "\n)\n", "checks/test_kl.py"),
        ("solutions/kl.py", "\nraise SystemExit\n", "solutions/kl.py"),
    ],
)
def test_a_unit_that_was_damaged_names_the_file(one: Path, tmp_path: Path, file: str, change: str | None, says: str) -> None:
    home = Path(__file__).parents[2]
    for part in ("grader", "solutions", "exercises"):
        shutil.copytree(home / part, tmp_path / "copy" / part)
    damaged = tmp_path / "copy" / ("grader" if file.startswith("checks") else ".") / file
    text = damaged.read_text()
    damaged.unlink()
    if change is not None:
        damaged.write_text(text + change)
    command = [sys.executable, "-P", "-m", "grader", "run", str(one), "-o", str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "copy")}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)  # noqa: S603  # our own
    assert says in error_of(done)


@pytest.mark.parametrize("folder", ["results", "observations"])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "1" * 400, "1e999"])
def test_files_in_out_that_were_damaged_are_made_anew(tmp_path: Path, folder: str, value: str) -> None:
    """Here by an exercise that is rejected as a whole, so that no job is needed: its result is read on the way."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    assert grade("run", tmp_path / "class", "-o", tmp_path / "out").returncode == 0
    stored = tmp_path / "out" / "results" / "ada.json"
    sound = stored.read_bytes()
    if folder == "results":
        text = sound.decode()
        for line in ('"seed": 20260101', '"duration_s": 0.0'):
            text = text.replace(line, f"{line.partition(' ')[0]} {value}")
        stored.write_text(text)
    else:
        picture = {"caption": "", "x_label": "", "bars": "", "edges": [], "heights": [0], "curves": []}
        table = {"schema": 1, "submission_sha256": json.loads(sound)["submission_sha256"], "listings": {}, "pictures": {"kl_formula": picture}}
        (tmp_path / "out" / "observations").mkdir(exist_ok=True)
        (tmp_path / "out" / "observations" / "ada.json").write_text(json.dumps(table).replace("[0]", f"[{value}]"))
    assert grade("report", tmp_path / "out").returncode == (2 if folder == "results" else 0)
    assert grade("run", tmp_path / "class", "-o", tmp_path / "out").returncode == 0
    assert stored.read_bytes() == sound


def test_what_is_no_file_or_no_name_among_the_results_stops_nothing(one: Path, tmp_path: Path) -> None:
    assert grade("run", one, "-o", tmp_path / "out").returncode == 0
    (tmp_path / "out" / "results" / "ada.json").rename(tmp_path / "out" / "results" / os.fsdecode(b"zo\xe9.json"))
    os.mkfifo(tmp_path / "out" / "results" / "bela.json")
    assert grade("run", one, "-o", tmp_path / "out").returncode == 0
    assert grade("report", tmp_path / "out").returncode == 0


def test_an_output_that_is_full_is_named(one: Path, tmp_path: Path) -> None:
    assert grade("run", one, "-o", tmp_path / "out").returncode == 0
    assert "No space left" in error_of(shell("GRADE show out --json > /dev/full", tmp_path))
