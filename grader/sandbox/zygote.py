"""The fork server: a Python process that has loaded NumPy and torch, holds no secret, and forks a locked-down worker on request.

It is started by `exec`, not by fork, so its memory never held a check, a solution or another submission. Its control socket speaks four words:

    parent -> zygote                            zygote -> parent
    {"op": "fork"} + one descriptor             {"pid": pid}
    {"op": "reap", "pid": pid}                  {"status": wait status, "seconds": CPU seconds}

`reap` kills the child first: a worker never ends by itself while the client still cares. End of file on the control socket ends the zygote, whose
own death takes its children along (parent-death signal).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
LOCK_DOWN_FAILED = 77


def main() -> None:
    """Entry point: `python -c '...' CONTROL_DESCRIPTOR`."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    control = socket.socket(fileno=int(sys.argv[1]))

    from grader.sandbox import wire, worker  # after the two prctl calls: importing torch takes a second

    configuration = wire.receive(control)
    _warm_up()
    prepared: Any = None
    del configuration
    gc.collect()
    gc.freeze()
    wire.send(control, {"layers": []})
    while True:
        try:
            request = _receive_request(control)
        except EOFError:
            os._exit(0)
        if request[0]["op"] == "reap":
            wire.send(control, _reap(request[0]["pid"]))
            continue
        pid = os.fork()
        if pid == 0:
            _run_child(request[1], control, prepared, worker)
        os.close(request[1])
        wire.send(control, {"pid": pid})


def _receive_request(control: socket.socket) -> tuple[dict[str, Any], int]:
    from grader.sandbox import wire  # loaded by main

    request = wire.receive(control)
    if request["op"] != "fork":
        return request, -1
    _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    return request, descriptors[0]


def _reap(pid: int) -> dict[str, Any]:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return {"status": status, "seconds": usage.ru_utime + usage.ru_stime}


def _run_child(descriptor: int, control: socket.socket, prepared: Any, worker: Any) -> None:  # noqa: ARG001
    """Lock down, then serve. Any error before the first student byte ends the child with a status of its own."""
    try:
        control.close()
        os.setsid()
        channel = socket.socket(fileno=descriptor)
    except BaseException:  # noqa: BLE001  # fail closed, whatever it was
        os._exit(LOCK_DOWN_FAILED)
    try:
        worker.serve(channel)
    finally:
        os._exit(0)


def _warm_up() -> None:
    """Do once what every child would otherwise do for itself: lazy imports, first-call allocations. One thread only, or fork would hang."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    np.random.default_rng(0).standard_normal(4)
    x = torch.ones(2, requires_grad=True)
    torch.autograd.grad((x * 2).sum(), x)
    torch.randn(2, generator=torch.Generator().manual_seed(0))
