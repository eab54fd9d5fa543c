"""The commands `show`, `report`, `adjust` and `export` on one small class, as a teaching assistant would use them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_up import HINT, INJECTION, UNIT, hostile_grade, result

from grader.cli import main
from grader.model import Outcome, Status
from grader.results.document import encode
from grader.results.observed import encode_observed
from grader.results.store import write_file

CHECKS = [check.name for exercise in UNIT.exercises for function in exercise.functions for check in function.checks]
WRONG = {"kl_gradient_formula": (Outcome.FAILED, HINT, "kl-gradient-missing-reciprocal")}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    hostile, observed = hostile_grade()
    for made in (result("ada"), result("bob", WRONG), result("eve", status=Status.FAULT, message="The grader failed."), hostile.result):
        write_file(folder / "results" / f"{made.file_name}.json", encode(made, UNIT))
    write_file(folder / "observations" / "hostile.json", encode_observed(observed, observed, hostile.result))
    return folder


def grade(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_show_failed_leaves_out_what_is_right(out: Path) -> None:
    of_class = grade("show", out, "--failed").output
    assert "bob" in of_class
    assert "eve" in of_class
    assert "ada" not in of_class
    of_one = grade("show", out, "bob", "--failed").output
    assert "kl_gradient_formula" in of_one
    assert "kl_divergence" not in of_one
    assert "sampler" not in of_one


def test_show_misconceptions_says_how_many_and_what_to_tell_them(out: Path) -> None:
    text = grade("show", out, "--misconceptions").output
    assert "kl-gradient-missing-reciprocal" in text
    assert "The derivative of the logarithm is missing." in text
    assert "sample-variance-for-sd" in text


def test_show_json_is_json_with_final_points(out: Path) -> None:
    table = json.loads(grade("show", out, "--json").output)
    assert {one["submission"]: one["score"] for one in table["grades"]}["eve"] is None
    (bob,) = json.loads(grade("show", out, "bob", "--json").output)["grades"]
    assert bob["score"] == 96.0
    assert bob["exercises"]["kl"]["checks"]["kl_gradient_formula"] == {"outcome": "failed", "misconception": "kl-gradient-missing-reciprocal"}


def test_report_writes_a_page_for_everybody_and_runs_nothing(out: Path) -> None:
    done = grade("report", out)
    assert done.exit_code == 0
    assert sorted(path.name for path in (out / "feedback").iterdir()) == ["ada.html", "bob.html", "eve.html", "hostile.html"]
    assert HINT in (out / "feedback" / "bob.html").read_text(encoding="utf-8")
    page = (out / "feedback" / "hostile.html").read_text(encoding="utf-8")
    assert INJECTION not in page
    assert "encoder_backward(x)" in page
    assert {"report.html", "report.json", "report.csv"} <= {path.name for path in out.iterdir()}


def test_the_class_report_links_to_the_pages_that_are_there(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out / "results", tmp_path / "results")
    grade("report", tmp_path, "--class-only")
    assert "feedback/" not in (tmp_path / "report.html").read_text(encoding="utf-8")
    grade("report", tmp_path)
    assert 'href="feedback/bob.html"' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_table_and_the_report_tell_one_mean(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out / "results", tmp_path / "results")
    nothing = result("zoe", dict.fromkeys(CHECKS, (Outcome.MISSING, "", None)), status=Status.REJECTED)
    write_file(tmp_path / "results" / "zoe.json", encode(nothing, UNIT))
    grade("report", tmp_path)
    mean = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["distributions"]["all"]["mean"]
    (shown,) = [line for line in grade("show", tmp_path).output.splitlines() if line.startswith("mean")]
    assert shown.split()[1] == f"{mean:.1f}"


def test_the_same_class_gets_the_same_bytes(out: Path) -> None:
    grade("report", out)
    before = {path: path.read_bytes() for path in [*out.glob("report.*"), *(out / "feedback").iterdir()]}
    grade("report", out)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("target", ["canvas", "moodle-worksheet", "moodle-gradebook", "gradescope", "junit", "csv", "json"])
def test_every_format_is_written_with_a_hostile_student_in_the_class(out: Path, target: str) -> None:
    done = grade("export", out, "--to", target, "-o", out / "exports" / target)
    assert done.exit_code == 0, done.output
    assert (out / "exports" / target).exists()


def test_wrong_usage_is_one_line_and_exit_code_2(out: Path, tmp_path: Path) -> None:
    template = tmp_path / "t.csv"
    template.write_text("a,b\n", encoding="utf-8")
    for command in (["export", out, "--to", "junit", "--template", template], ["export", tmp_path, "--to", "csv"], ["report", tmp_path]):
        done = grade(*command)
        assert done.exit_code == 2
        assert len(done.output.strip().splitlines()) == 1
