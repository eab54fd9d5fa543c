"""A class graded by a Dask cluster: a real scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clusters import Cluster, finish, grade_run, graded, make_class, outcome, start_run, wait_for

WITHOUT_LANDLOCK = (sys.executable, str(Path(__file__).with_name("without_landlock.py")))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Callable[..., Cluster]]:
    """Start a scheduler; at the end of the test, nothing of its cluster is left."""
    started: list[Cluster] = []

    def start(workers: int = 0, **options: str) -> Cluster:
        started.append(Cluster(tmp_path / "cluster", environment=options))
        for _ in range(workers):
            started[-1].worker()
        return started[-1]

    yield start
    for each in started:
        each.end()


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command says; never a traceback."""
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_a_cluster_gives_the_results_of_local_jobs_even_if_a_worker_is_killed(cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    make_class(tmp_path, slow=6)
    machines = cluster(workers=2)
    running = start_run(tmp_path, "--scheduler", machines.address)
    wait_for(lambda: graded(tmp_path / "out") >= 4, running)
    machines.processes[1].kill()
    done = finish(running)
    assert done.returncode == 0, done.stderr
    assert grade_run(tmp_path, "-j", 2, out="local").returncode == 0
    assert outcome(tmp_path / "out") == outcome(tmp_path / "local")


def test_a_scheduler_that_dies_leaves_one_line_and_an_out_to_go_on_from(cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    make_class(tmp_path, slow=6)
    machines = cluster(workers=1)
    running = start_run(tmp_path, "--scheduler", machines.address)
    wait_for(lambda: graded(tmp_path / "out") >= 4, running)
    machines.scheduler.kill()
    done = finish(running)
    assert done.returncode == 1
    assert f"the scheduler at {machines.address} is gone" in last_line(done)
    before = graded(tmp_path / "out")
    assert before < 11
    again = grade_run(tmp_path, "-j", 2)
    assert again.returncode == 0, again.stderr
    assert graded(tmp_path / "out") == 11
    assert f"{before} unchanged" in again.stdout


def test_over_too_many_deaths_a_submission_is_a_fault_and_never_a_zero(cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    make_class(tmp_path, slow=1, seconds=10.0)
    machines = cluster(workers=1, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    running = start_run(tmp_path, "--scheduler", machines.address)
    wait_for(lambda: graded(tmp_path / "out") >= 4, running)
    machines.processes[1].kill()
    machines.worker()
    done = finish(running)
    assert done.returncode == 1
    result = json.loads((tmp_path / "out" / "results" / "slow0.json").read_text())
    assert (result["status"], result["score"]) == ("fault", None)


def test_workers_that_have_other_versions_get_no_work(cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    make_class(tmp_path)
    other = tmp_path / "other" / "torch-0.0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 0.0.1\n")
    machines = cluster()
    machines.worker(PYTHONPATH=str(other.parent))
    done = grade_run(tmp_path, "--scheduler", machines.address)
    assert done.returncode == 1
    assert "worker tcp://127.0.0.1:" in last_line(done)
    assert "has torch 0.0.1 instead of" in last_line(done)
    assert graded(tmp_path / "out") == 0


def test_a_worker_that_cannot_hold_student_code_refuses_it(cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    make_class(tmp_path)
    machines = cluster()
    machines.worker(*WITHOUT_LANDLOCK)
    done = grade_run(tmp_path, "--scheduler", machines.address)
    assert done.returncode == 1
    assert "worker tcp://127.0.0.1:" in last_line(done)
    assert "landlock" in last_line(done).lower()


def test_a_scheduler_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    make_class(tmp_path)
    done = grade_run(tmp_path, "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 1
    assert "no scheduler answers at tcp://127.0.0.1:1" in last_line(done)


def test_what_is_no_address_is_wrong_usage(tmp_path: Path) -> None:
    make_class(tmp_path)
    done = grade_run(tmp_path, "--scheduler", "127.0.0.1")
    assert done.returncode == 2
    assert "tcp://host:8786" in last_line(done)


def test_without_the_extra_the_command_that_installs_it_is_shown(tmp_path: Path) -> None:
    make_class(tmp_path)
    program = "import sys; sys.modules['distributed'] = None; from grader.cli import main; main()"
    arguments = ["run", tmp_path / "class", "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:8786"]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603  # our own
    assert done.returncode == 2
    assert "pip install 'reparam-exercises[cluster]'" in last_line(done)
