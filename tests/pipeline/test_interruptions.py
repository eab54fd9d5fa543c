"""Whatever ends a run: what was graded stays, nothing is half-written, no process is left, and the next run ends with the same bytes."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from running import Running, grade, outcome

Start = Callable[..., Running]


def whole(out: Path) -> int:
    """How many results there are, every one of them complete."""
    return len([json.loads(path.read_text()) for path in (out / "results").glob("*.json")])


def test_a_run_that_is_asked_to_stop_stops_cleanly_and_goes_on_later(submissions: Path, graded: Path, tmp_path: Path, start: Start) -> None:
    out = tmp_path / "out"
    for number, code, results in ((signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 4)):
        run = start("run", submissions, "-o", out, "-j", 1)
        run.wait_for(lambda results=results, run=run: whole(out) >= results and run.zygotes())
        os.kill(run.process.pid, number)
        done = run.finish()
        assert done.returncode == code
        said = done.stderr.splitlines()[-1]
        assert re.fullmatch(r"Interrupted: \d of 7 done\. Run the same command again to continue\.", said), done.stderr
        assert "Traceback" not in done.stderr
        assert run.left_behind() == []
        assert len((out / "grades.csv").read_text().splitlines()) == 1 + whole(out)
    kept = whole(out)
    assert f"{kept} unchanged" in grade("run", submissions, "-o", out).stdout
    assert outcome(out) == outcome(graded)


def test_a_run_that_is_killed_leaves_no_process_and_goes_on_later(submissions: Path, graded: Path, tmp_path: Path, start: Start) -> None:
    out = tmp_path / "out"
    for results in (0, 3):
        run = start("run", submissions, "-o", out, "-j", 2)
        run.wait_for(lambda results=results, run=run: run.zygotes() and whole(out) >= results)
        os.kill(run.process.pid, signal.SIGKILL)
        run.finish()
        assert run.left_behind() == []
        whole(out)
    assert grade("run", submissions, "-o", out).returncode == 0
    assert outcome(out) == outcome(graded)


def test_processes_that_are_killed_cost_nobody_anything(submissions: Path, graded: Path, tmp_path: Path, start: Start) -> None:
    out = tmp_path / "out"
    run = start("run", submissions, "-o", out, "-j", 1)
    run.wait_for(run.zygotes)
    os.kill(run.zygotes()[0], signal.SIGKILL)
    run.wait_for(run.busy_jobs)
    os.kill(run.zygotes()[0], signal.SIGKILL)
    run.wait_for(run.busy_jobs)
    os.kill(run.busy_jobs()[0], signal.SIGKILL)
    done = run.finish()
    assert done.returncode == 0, done.stderr
    assert outcome(out) == outcome(graded)
    assert run.left_behind() == []


def test_a_submission_over_which_every_job_dies_is_a_fault_without_a_score_and_is_tried_again(
    submissions: Path, tmp_path: Path, start: Start
) -> None:
    one, out = tmp_path / "one", tmp_path / "out"
    shutil.copytree(submissions / "slow0", one / "slow0")
    run = start("run", one, "-o", out, "--only", "kl")
    for _ in range(3):
        run.wait_for(run.busy_jobs)
        victim = run.busy_jobs()[0]
        os.kill(victim, signal.SIGKILL)
        while victim in run.jobs():
            time.sleep(0.01)
    done = run.finish()
    result = json.loads((out / "results" / "slow0.json").read_text())
    assert done.returncode == 1
    assert (result["status"], result["score"], result["exercises"]) == ("fault", None, {})
    assert "grading processes died" in (out / "faults" / "slow0.txt").read_text()
    assert "slow0" in done.stderr
    again = grade("run", one, "-o", out)
    assert (again.returncode, json.loads((out / "results" / "slow0.json").read_text())["score"]) == (0, 20.0)
    assert not (out / "faults" / "slow0.txt").exists()


def test_two_graders_do_not_share_a_folder(submissions: Path, tmp_path: Path, start: Start) -> None:
    out = tmp_path / "out"
    first = start("run", submissions, "-o", out)
    first.wait_for(lambda: (out / ".lock").exists() and (out / ".lock").read_text())
    second = grade("run", submissions, "-o", out)
    assert second.returncode == 2
    assert f"another grader (process {first.process.pid}) is working there" in second.stderr
    os.kill(first.process.pid, signal.SIGTERM)
    assert first.finish().returncode == 143


def test_a_disk_that_fills_up_stops_the_run_with_one_line_and_loses_nothing(submissions: Path, graded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def small_disk() -> None:
        # No file may outgrow this: the results do, the lock does not.
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))

    done = grade("run", submissions, "-o", out, "-j", 1, preexec_fn=small_disk)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert "make room, then run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in out.rglob("*") if path.is_file() and path.parent.name != "observations") == [".lock", "grades.csv"]
    assert grade("run", submissions, "-o", out).returncode == 0
    assert outcome(out) == outcome(graded)
