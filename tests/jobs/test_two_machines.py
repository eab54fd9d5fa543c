"""Scheduler and worker in two network namespaces, as on two machines: they share a cable and no address."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from clusters import Cluster, finish, grade_run, make_class, outcome, start_run

HERE, THERE = (f"grade-{os.getpid()}-{side}" for side in ("here", "there"))
IP = shutil.which("ip") or "ip"
CABLE = (
    f"netns add {HERE}",
    f"netns add {THERE}",
    f"-n {HERE} link add cable0 type veth peer name cable1 netns {THERE}",
    f"-n {HERE} address add 10.213.0.1/24 dev cable0",
    f"-n {THERE} address add 10.213.0.2/24 dev cable1",
    *(f"-n {name} link set {device} up" for name, device in ((HERE, "cable0"), (HERE, "lo"), (THERE, "cable1"), (THERE, "lo"))),
)


def ip(command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([IP, *command.split()], capture_output=True, check=False)  # noqa: S603  # a fixed command


@pytest.fixture
def cable() -> Iterator[None]:
    if os.geteuid() != 0:
        # The test command is for everybody, and only root may lay a cable; CI is root, and has to have all else that this takes.
        pytest.skip("network namespaces take root")
    try:
        for command in CABLE:
            done = ip(command)
            assert done.returncode == 0, f"ip {command}: {done.stderr.decode().strip()}"
        yield
    finally:
        for name in (HERE, THERE):
            ip(f"netns delete {name}")


@pytest.mark.usefixtures("cable")
def test_a_class_is_graded_across_two_networks(tmp_path: Path) -> None:
    make_class(tmp_path)
    here, there = ((IP, "netns", "exec", name) for name in (HERE, THERE))
    machines = Cluster(tmp_path / "cluster", host="10.213.0.1", within=here)
    try:
        machines.worker(*there)
        done = finish(start_run(tmp_path, "--scheduler", machines.address, within=here))
    finally:
        machines.end()
    assert done.returncode == 0, done.stderr
    assert grade_run(tmp_path, "-j", 1, out="local").returncode == 0
    results = outcome(tmp_path / "out"), outcome(tmp_path / "local")
    assert results[0]["grades.csv"] == results[1]["grades.csv"]
