"""A deadline counts time in which both sides could run, and no other."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from grader.sandbox import kernel, wire
from grader.sandbox.patience import Patience

WAITS_A_SECOND = """
import socket, sys
from grader.sandbox import wire
channel = socket.socket(fileno=int(sys.argv[1]))
channel.send(b"!")
try:
    print(len(wire.receive(channel, 1.0)))
except TimeoutError:
    print("time is up")
"""
LARGE = b"x" * (4 << 20)  # more than a socket holds


def waited(what: Callable[[socket.socket, subprocess.Popen[str]], None]) -> str:
    """What a process says that waits a second for a frame."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-c", WAITS_A_SECOND, str(theirs.fileno())]
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own
        theirs.close()
        assert ours.recv(1) == b"!"
        what(ours, process)
        said, _ = process.communicate(timeout=60)
    return said.strip()


def stopped_for(seconds: float, process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGCONT)


def test_who_was_stopped_while_waiting_finds_what_came_meanwhile() -> None:
    def send(channel: socket.socket, process: subprocess.Popen[str]) -> None:
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(1.5)
        wire.send(channel, b"here")
        os.kill(process.pid, signal.SIGCONT)

    assert waited(send) == "4"


def test_who_was_stopped_waits_for_the_rest() -> None:
    def send(channel: socket.socket, process: subprocess.Popen[str]) -> None:
        frame = wire.framed(wire.encoded(LARGE))
        channel.sendall(frame[:1000])
        time.sleep(0.2)
        stopped_for(1.5, process)
        time.sleep(0.2)
        channel.sendall(frame[1000:])

    assert waited(send) == str(len(LARGE))


def test_otherwise_time_is_up_when_it_is_up() -> None:
    started = time.monotonic()
    assert waited(lambda channel, process: None) == "time is up"
    assert time.monotonic() - started < 30  # a bound on a loaded machine


def test_what_comes_bit_by_bit_after_the_end_does_not_put_it_off_for_ever() -> None:
    def trickle(channel: socket.socket, process: subprocess.Popen[str]) -> None:
        channel.sendall(wire.PREFIX.pack(4 << 20, 0))
        while process.poll() is None:
            channel.send(b" " * 10)

    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        waited(trickle)


@pytest.mark.parametrize(("share", "granted"), [(0.3, False), (0.9, True)])
def test_who_queued_for_a_core_most_of_the_time_gets_the_time_back_but_not_for_ever(share: float, granted: bool) -> None:
    began = time.monotonic()
    patience = Patience(0.6, lambda: share * (time.monotonic() - began))
    with pytest.raises(TimeoutError):  # noqa: PT012  # the loop is what is under test
        while True:
            time.sleep(patience.next_wait())
            patience.in_vain()
    assert (patience.granted > 0) is granted
    assert patience.granted < 4 * 0.6


def test_the_kernel_tells_how_long_a_process_queued() -> None:
    """Two that want the same core, of which one is this."""
    before = kernel.queued_seconds(os.getpid())
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as rival:  # our own
            until = time.process_time() + 0.5
            while time.process_time() < until:
                pass
            rival.kill()
    finally:
        os.sched_setaffinity(0, allowed)
    assert kernel.queued_seconds(os.getpid()) > before
    assert kernel.queued_seconds(2**22 + 1) == 0.0
