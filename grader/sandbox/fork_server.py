"""The trusted side of one zygote: starts it, has the canary prove that its workers are locked down, asks it for workers and learns how they ended.

Reads what the zygote answers and nothing of a student's. There are two kinds: with torch, and a light one without, whose workers cost a fraction.
With every worker that is taken the next one is ordered, which the zygote forks and locks down while that one works.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from grader.errors import SandboxUnavailable, WorkerLost
from grader.interpreter import ONE_THREAD, running
from grader.sandbox import canary, cgroup, jail, wire

Isolation = Literal["strict", "process"]

ZYGOTE_START_SECONDS = 120.0
ZYGOTE_ANSWER_SECONDS = 30.0
# A process closes its sockets a moment before it is gone; one that is still there after this has only closed them.
DYING_SECONDS = 3.0
SIGNALS_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
# Torch's tens of thousands of small objects in huge pages: a fork copies the table of pages, which halves its cost. And a worker, which is soon gone,
# keeps the memory that its arrays leave, or every array would be made of fresh pages.
MALLOC = {"hugetlb": 1, "mmap_threshold": 1 << 25, "trim_threshold": 1 << 28, "top_pad": 1 << 22}
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",
    **ONE_THREAD,
    "GLIBC_TUNABLES": ":".join(f"glibc.malloc.{name}={value}" for name, value in MALLOC.items()),
}


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended: its exit code, or the signal that ended it.

    `by_itself`: before it was reaped. It had used `seconds` of CPU time and at its peak `grown_mib` MiB of memory more than the zygote.
    """

    code: int | None
    signal: int | None
    by_itself: bool
    seconds: float
    grown_mib: int

    @property
    def from_outside(self) -> bool:
        """Whether somebody killed it; what the kernel kills for its use of memory or time looks the same."""
        return self.by_itself and self.signal in SIGNALS_FROM_OUTSIDE

    @property
    def text(self) -> str:
        """The same in words."""
        if not self.by_itself:
            return "it closed its connection to the grader"
        if self.signal is not None:
            with contextlib.suppress(ValueError):
                return f"signal {signal.Signals(self.signal).name}"
            return f"signal {self.signal}"
        return f"it left with exit code {self.code}"


class ForkServer:
    """One zygote. Not for use by two threads at once."""

    def __init__(self, memory_mib: int, isolation: Isolation, *, torch: bool, without: Collection[str] = ()) -> None:
        """`without` takes layers away, for the tests that show what each is good for; grading never does."""
        self.torch = torch
        self.layers: tuple[str, ...] = ()
        self._isolation = isolation
        self._configuration = {"memory_mib": memory_mib, "isolation": isolation, "torch": torch, "without": sorted(without)}
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        # The connection to the worker that is ordered; its process id is the next thing the zygote says.
        self._ordered: socket.socket | None = None
        # A worker that is there and has no work yet.
        self._spare: tuple[int, socket.socket] | None = None

    def launch(self) -> None:
        """Start the zygote's process; `await_ready` must follow. What it imports takes a second or two."""
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and a fixed command
            [sys.executable, "-s", "-P", "-B", *running("grader.sandbox.zygote"), str(theirs.fileno())],
            env=ENVIRONMENT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        theirs.close()
        self._control = ours

    def await_ready(self) -> None:
        """Wait until the zygote can fork, and prove that its workers are locked down.

        Raises:
            SandboxUnavailable: it did not come up, or does not hold; the message says why.
            WorkerLost: it was killed from outside while it started.
        """
        control = self._live_control()
        try:
            wire.send(control, self._configuration)
            ready = wire.receive(control, ZYGOTE_START_SECONDS)
        except (OSError, EOFError, wire.WireError) as error:
            if self._was_killed():
                raise WorkerLost("the sandbox's fork server was killed while it started") from error
            raise SandboxUnavailable("the sandbox's fork server did not start; `grade doctor` says what is missing") from error
        if "unavailable" in ready:
            self.stop()
            raise SandboxUnavailable(ready["unavailable"])
        self.layers = ("process", *ready["layers"]) if self._isolation == "process" else tuple(ready["layers"])
        if self._isolation == "strict" and not self._configuration["without"]:
            try:
                canary.prove(self.fork, self.reap)
            except BaseException:
                self.stop()
                raise

    def _was_killed(self) -> bool:
        """End a zygote that did not start; whether somebody else had done so before."""
        process = self._process
        with contextlib.suppress(subprocess.TimeoutExpired):
            if process is not None:
                process.wait(1.0)
        code = process.poll() if process is not None else None
        self.stop()
        return code is not None and -code in SIGNALS_FROM_OUTSIDE

    def stop(self) -> None:
        """End the zygote and with it every worker."""
        for connection in (self._control, self._ordered, *(self._spare or ())[1:]):
            if connection is not None:
                connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            cgroup.remove(self._process.pid)
        self._control = self._process = self._ordered = self._spare = None

    @property
    def pid(self) -> int | None:
        """The zygote's process id; None where there is none: one that did not answer as it should has been ended."""
        return None if self._process is None else self._process.pid

    def restart(self) -> None:
        """A fresh zygote in place of one that died. Raises as `await_ready` does."""
        self.stop()
        self.launch()
        self.await_ready()

    def fork(self) -> tuple[int, socket.socket]:
        """A fresh worker, locked down and verified: its process id and a connection to it.

        Raises:
            WorkerLost: the zygote is gone, or the worker was killed from outside before it was ready.
            SandboxUnavailable: the worker is not locked down as it must be.
        """
        self._order()
        self._collect()
        if self._spare is None:
            raise AssertionError("what was ordered has been collected")
        pid, channel = self._spare
        self._spare = None
        self._await_lock_down(pid, channel)
        self._order()
        return pid, channel

    def _order(self) -> None:
        """Ask for a worker, unless one is there or under way, and do not wait for it."""
        if self._spare is not None or self._ordered is not None:
            return
        self._ordered, theirs = socket.socketpair()
        with theirs, self._zygote() as control:
            wire.send(control, {"op": "fork"})
            socket.send_fds(control, [b"F"], [theirs.fileno()])

    def _collect(self) -> None:
        """Wait for the worker that is under way, if one is."""
        if self._ordered is not None:
            with self._zygote() as control:
                self._spare = int(wire.receive(control, ZYGOTE_ANSWER_SECONDS)["pid"]), self._ordered
            self._ordered = None

    def _await_lock_down(self, pid: int, channel: socket.socket) -> None:
        """No byte of a submission leaves before the child says it is locked down, and the kernel confirms it."""
        try:
            wire.receive(channel, ZYGOTE_ANSWER_SECONDS)
        except (OSError, EOFError, wire.WireError) as error:
            channel.close()
            death = self.reap(pid, DYING_SECONDS)
            layer = jail.failed_layer(death.code) if death.code is not None else None
            if layer is not None:
                raise SandboxUnavailable(f"a worker could not put on its layer {layer}; `grade doctor` says what this machine has") from error
            raise WorkerLost(f"a worker died before it had work ({death.text})") from error
        wrong = jail.verify_child(pid, self.layers) if self._isolation == "strict" else None
        if wrong is not None:
            channel.close()
            self.reap(pid)
            raise SandboxUnavailable(f"a worker is not locked down: {wrong}")

    def reap(self, pid: int, patience: float = 0.0) -> Death:
        """Learn how a worker has ended, or end it: a dying one gets `patience` seconds to do so by itself.

        Raises:
            WorkerLost: the zygote is gone.
        """
        end = self._ask({"op": "reap", "pid": pid, "patience": patience})
        code = os.waitstatus_to_exitcode(end["status"])
        return Death(code if code >= 0 else None, -code if code < 0 else None, end["by_itself"], end["seconds"], end["grown_mib"])

    def end(self, pid: int) -> None:
        """End a worker whose fate is of no interest, without waiting for it. Raises as `reap` does."""
        with self._zygote() as control:
            wire.send(control, {"op": "end", "pid": pid})

    def close_autograd(self, pid: int) -> None:
        """Close it for good in a worker that has torch. Raises WorkerLost where the zygote is gone."""
        self._ask({"op": "close_autograd", "pid": pid})

    def _ask(self, request: dict[str, Any]) -> Any:
        self._collect()
        with self._zygote() as control:
            wire.send(control, request)
            return wire.receive(control, ZYGOTE_ANSWER_SECONDS)

    @contextlib.contextmanager
    def _zygote(self) -> Iterator[socket.socket]:
        """The connection to the zygote, for as long as it answers as it should."""
        try:
            yield self._live_control()
        except (OSError, EOFError, wire.WireError) as error:
            self.stop()
            raise WorkerLost("the sandbox's fork server died") from error

    def _live_control(self) -> socket.socket:
        if self._control is None:
            raise WorkerLost("the sandbox's fork server is not running")
        return self._control
