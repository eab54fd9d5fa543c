"""The canary tells a layer that does not hold from a worker that somebody killed."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import SandboxUnavailable, WorkerLost
from grader.sandbox import canary
from grader.sandbox.fork_server import ForkServer


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    started = ForkServer(256, "strict", torch=False)
    started.launch()
    started.await_ready()
    yield started
    started.stop()


class Killed:
    """Gives workers of a server, of which somebody kills the first few."""

    def __init__(self, server: ForkServer, how_many: int) -> None:
        self.server = server
        self.left = how_many

    def fork(self) -> tuple[int, socket.socket]:
        pid, channel = self.server.fork()
        if self.left:
            self.left -= 1
            os.kill(pid, signal.SIGKILL)
        return pid, channel


def test_a_worker_that_is_killed_from_outside_proves_nothing_and_another_one_tries(server: ForkServer) -> None:
    killed = Killed(server, canary.TRIES - 1)
    canary.prove(killed.fork, server.reap)
    assert killed.left == 0


def test_where_all_of_them_are_killed_no_layer_is_blamed(server: ForkServer) -> None:
    with pytest.raises(WorkerLost):
        canary.prove(Killed(server, 1000).fork, server.reap)


@pytest.mark.parametrize(("without", "consequence"), [({"landlock", "view", "uid"}, "could read a file"), ({"seccomp"}, "could start a process")])
def test_a_layer_that_does_not_hold_is_named(without: set[str], consequence: str) -> None:
    open_server = ForkServer(256, "strict", torch=False, without=without)
    open_server.launch()
    try:
        open_server.await_ready()
        with pytest.raises(SandboxUnavailable, match=consequence):
            canary.prove(open_server.fork, open_server.reap)
    finally:
        open_server.stop()


def test_bait_of_a_grader_that_is_gone_is_removed() -> None:
    with tempfile.TemporaryDirectory(prefix=f"{canary.PREFIX}{os.getpid()}-") as ours:
        gone = Path(ours.replace(f"{canary.PREFIX}{os.getpid()}-", f"{canary.PREFIX}{1 << 22}-"))
        gone.mkdir()
        canary.sweep()
        assert Path(ours).exists()
        assert not gone.exists()
