"""`grade run` on a class as an LMS hands it over, up to the numbers that go back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.unit import data_directory

ROSTER = 'Student,ID,SIS User ID,SIS Login ID,Section,Reparameterization (77)\n"Doe, Jane",1001,s-1,jdoe,G1,\n"Roe, Rick",1002,s-2,rroe,G1,\n'
COURSE = "[late]\ndue = 2026-11-20T12:00:00Z\npercent_per_day = 10\n"


def solution(name: str) -> str:
    return (data_directory("solutions") / f"{name}.py").read_text(encoding="utf-8")


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_download_of_canvas_becomes_a_gradebook(lay: Callable[..., Path], tmp_path: Path) -> None:
    wrong = solution("kl").replace("sigma - 1.0 / sigma", "sigma")
    assert wrong != solution("kl")
    folder = lay({"doejane_1001_1_kl-1.py": wrong, "doejane_1001_2_sampler.py": solution("sampler"), "roerick_LATE_1002_3_kl.py": solution("kl")})
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    out = tmp_path / "out"
    run("run", folder, "-o", out, "--roster", tmp_path / "roster.csv", "--isolation", "process", "-j", 1, "--only", "kl")
    stored = json.loads((out / "results" / "doejane_1001.json").read_text(encoding="utf-8"))
    assert stored["notes"] == ["kl-1.py was handed in again and counts as kl.py."]
    observed = json.loads((out / "observations" / "doejane_1001.json").read_text(encoding="utf-8"))
    assert set(observed["listings"]) == {"kl", "sampler"}
    assert "kl_gradient_formula" in observed["pictures"]
    known = json.loads((out / "class.json").read_text(encoding="utf-8"))["submissions"]
    assert known["doejane_1001"]["people"] == [{"name": "Doe, Jane", "ids": {"canvas": "1001", "sis": "s-1", "login": "jdoe"}}]
    assert known["roerick_1002"]["late"]
    run("export", out, "--to", "canvas", "--template", tmp_path / "roster.csv", "-o", tmp_path / "up.csv")
    lines = (tmp_path / "up.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2] == '"Roe, Rick",1002,s-2,rroe,G1,20'
    run("report", out)
    assert "dKL" in (out / "feedback" / "doejane_1001.html").read_text(encoding="utf-8")


def test_a_course_with_a_late_policy_keeps_judged_points_and_lowers_final_ones(lay: Callable[..., Path], tmp_path: Path) -> None:
    folder = lay(
        {
            "submitted/ada/ps1/kl.py": solution("kl"),
            "submitted/ada/ps1/timestamp.txt": "2026-11-21 15:00:00 UTC",
            "submitted/bob/ps1/kl.py": solution("kl"),
            "submitted/bob/ps1/timestamp.txt": "2026-11-20 11:00:00 UTC",
        }
    )
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    out = tmp_path / "out"
    run("run", folder, "-o", out, "--isolation", "process", "-j", 1, "--only", "kl")
    assert (out / "course.toml").read_text(encoding="utf-8") == COURSE
    judged = {path.stem: json.loads(path.read_text(encoding="utf-8"))["score"] for path in (out / "results").iterdir()}
    assert judged == {"ada": 20.0, "bob": 20.0}
    final = {one["submission"]: one["score"] for one in json.loads(run("show", out, "--json"))["grades"]}
    assert final == {"ada": 16.0, "bob": 20.0}


@pytest.mark.parametrize("mistake", ["course", "roster", "format"])
def test_a_mistake_in_what_staff_wrote_stops_before_anything_is_graded(lay: Callable[..., Path], tmp_path: Path, mistake: str) -> None:
    folder = lay({"ada/kl.py": solution("kl")})
    wrong = tmp_path / "wrong"
    wrong.write_text("late = 3", encoding="utf-8")
    option = ["--format", "moodle"] if mistake == "format" else [f"--{mistake}", str(wrong)]
    done = CliRunner().invoke(main, ["run", str(folder), "-o", str(tmp_path / "out"), *option])
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()
