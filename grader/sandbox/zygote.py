"""The fork server: a Python process that has loaded NumPy, and torch if it shall, holds no secret, and forks a locked-down worker on request.

It is started by `exec`, not by fork, so its memory never held a check, a solution or another submission. Its control socket speaks these words:

    parent -> zygote                            zygote -> parent
    {"memory_mib": n, "isolation": name,        {"layers": [...]} or {"unavailable": why}      once, at the start
     "torch": bool, "without": [layer, ...]}
    {"op": "fork"} + a socket                   {"pid": pid}
    {"op": "close_autograd", "pid": pid}        {}                         for good; in a worker that has torch
    {"op": "reap", "pid": pid, "patience": s}   {"status": wait status, "by_itself": bool, "seconds": CPU seconds, "grown_mib": MiB}
    {"op": "end", "pid": pid}                   nothing: the child is killed, and nobody waits for it

`reap` kills a child that has not ended by itself within `patience` seconds. End of file on the control socket ends the zygote, whose own death
takes its children along (parent-death signal).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from grader.errors import SandboxUnavailable
from grader.sandbox import jail, kernel, wire

if TYPE_CHECKING:
    from grader.sandbox.no_autograd import Door, Gate

Serve = Callable[[socket.socket], None]
# By students' files and notebooks: 20 ms and more for one of them, were it loaded in each worker.
OFTEN_IMPORTED = ("numpy.testing", "numpy.typing", "collections", "copy", "dataclasses", "functools", "itertools", "math", "operator", "typing")
LONGEST_REASON = 500
# What `--isolation process` gives up: all that a kernel or container may lack. For practice and trusted classes only.
GIVEN_UP_IN_PROCESS_ISOLATION = frozenset(jail.Layer) - {
    jail.Layer.DESCRIPTORS,
    jail.Layer.SESSION,
    jail.Layer.DEATH_SIGNAL,
    jail.Layer.NOT_DUMPABLE,
    jail.Layer.RLIMITS,
}


def main() -> None:
    """Entry point, with the argument CONTROL_DESCRIPTOR."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    # Ctrl-C at the terminal is for the grader, which decides when this process has to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    with contextlib.suppress(EOFError, ConnectionError):  # the grader is gone
        _live(control)
    os._exit(0)


def _live(control: socket.socket) -> None:
    configuration = wire.receive(control)
    without = frozenset(configuration["without"]) | (GIVEN_UP_IN_PROCESS_ISOLATION if configuration["isolation"] == "process" else frozenset())
    try:
        serve, gate = _with_torch() if configuration["torch"] else (_without_torch(), None)
        kernel.gather_memory()
        prepared = jail.prepare(configuration["memory_mib"], without=without)
    except SandboxUnavailable as error:
        wire.send(control, {"unavailable": str(error)})
        return
    except Exception as error:  # noqa: BLE001  # whatever keeps it from coming up (no torch, no /proc), staff have to learn
        wire.send(control, {"unavailable": f"the sandbox's fork server cannot start ({type(error).__name__}: {str(error)[:LONGEST_REASON]})"})
        return
    gc.collect()
    gc.freeze()
    wire.send(control, {"layers": list(jail.layers(prepared))})
    zygote = _Zygote(prepared, serve, gate)
    while True:
        answer = zygote.answer(wire.receive(control), control)
        if answer is not None:
            wire.send(control, answer)


class _Zygote:
    """What answers the requests. `doors`: to autograd, of the living workers, by process id. `dying`: who was killed."""

    def __init__(self, prepared: jail.Prepared, serve: Serve, gate: Gate | None) -> None:
        self.prepared = prepared
        self.serve = serve
        self.gate = gate
        self.doors: dict[int, Door] = {}
        self.dying: set[int] = set()

    def answer(self, request: dict[str, Any], control: socket.socket) -> dict[str, Any] | None:
        """Do what is asked; `control` brings a new worker's connection."""
        self.dying = {pid for pid in self.dying if os.waitpid(pid, os.WNOHANG) == (0, 0)}
        if request["op"] == "fork":
            _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            return {"pid": self.fork(descriptors[0])}
        if request["op"] == "close_autograd":
            self.doors[request["pid"]].shut()
            return {}
        if door := self.doors.pop(request["pid"], None):
            door.discard()
        if request["op"] == "end":
            os.kill(request["pid"], signal.SIGKILL)
            self.dying.add(request["pid"])
            return None
        return _reap(request["pid"], request["patience"])

    def fork(self, channel: int) -> int:
        """A worker's process id."""
        door = self.gate.door() if self.gate else None
        pid = os.fork()
        if pid == 0:
            _run_child(self.prepared, channel, self.serve, door)
        os.close(channel)
        if door:
            door.keep_from_others()
            self.doors[pid] = door
        return pid


def _reap(pid: int, patience: float) -> dict[str, Any]:
    deadline = time.monotonic() + patience
    ended, status, usage = os.wait4(pid, os.WNOHANG)
    while not ended and time.monotonic() < deadline:
        time.sleep(0.001)
        ended, status, usage = os.wait4(pid, os.WNOHANG)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    grown = usage.ru_maxrss - resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"status": status, "by_itself": bool(ended), "seconds": usage.ru_utime + usage.ru_stime, "grown_mib": grown // 1024}


def _run_child(prepared: jail.Prepared, channel: int, serve: Serve, door: Door | None) -> NoReturn:
    """Lock down, then serve. `enter` ends the process itself when a layer cannot be put on."""
    try:
        if door:
            door.hang()
        # An interrupt ends a worker, as it must look like a death from outside and not like an exception of the student's.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        jail.enter(prepared, channel)
        serve(socket.socket(fileno=channel))
    finally:
        os._exit(0)


def _without_torch() -> Serve:
    """What a child does, and once what every child would otherwise do for itself: lazy imports, first-call allocations."""
    import numpy as np

    from grader.sandbox import worker

    for module in OFTEN_IMPORTED:
        importlib.import_module(module)
    np.random.default_rng(0).standard_normal(4)
    return lambda channel: worker.serve(channel, worker.Worker())


def _with_torch() -> tuple[Serve, Gate]:
    """As above, and where autograd is entered. One thread only, or fork would hang.

    Raises:
        SandboxUnavailable: autograd cannot be closed here.
    """
    import torch

    from grader.sandbox import no_autograd, torch_worker, worker

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    _without_torch()
    x = torch.ones(2, requires_grad=True)
    torch.autograd.grad((x * 2).sum(), x)
    torch.randn(2, generator=torch.Generator().manual_seed(0))
    return lambda channel: worker.serve(channel, torch_worker.TorchWorker()), no_autograd.find()
