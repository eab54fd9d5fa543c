"""A zygote for the tests of the jail: prepares, then forks a child for each request, which enters the jail and runs one attack.

Started as a script in a fresh interpreter. Requests and answers are JSON lines on a socket whose descriptor is the first argument.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import jail_attacks


def run(prepared: Any, request: dict[str, Any]) -> dict[str, Any]:
    from grader.sandbox import jail

    ours, theirs = socket.socketpair()
    go_read, go_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        answer: dict[str, Any] = {}
        jail.enter(prepared, theirs.fileno())
        theirs.send(b"!")
        theirs.recv(1)
        try:
            answer["value"] = getattr(jail_attacks, request["attack"])(*request["arguments"])
        except BaseException as error:  # noqa: BLE001 - whatever held the attack
            answer["error"] = type(error).__name__
            answer["errno"] = getattr(error, "errno", None)
            answer["text"] = str(error)
        with contextlib.suppress(OSError):
            theirs.sendall(json.dumps(answer).encode())
        os._exit(0)
    theirs.close()
    os.close(go_read)
    os.close(go_write)
    reply: dict[str, Any] = {"pid": pid}
    ready = ours.recv(1) == b"!"
    reply["ready"] = ready
    if ready:
        stream.write(json.dumps(reply) + "\n")
        stream.flush()
        stream.readline()  # the trusted process has looked at the child
    with contextlib.suppress(ConnectionError):
        ours.send(b"!")
        reply |= json.loads(ours.makefile("rb").read() or b"{}")
    reply["exit"] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return reply


if __name__ == "__main__":
    channel = socket.socket(fileno=int(sys.argv[1]))
    stream = channel.makefile("rw", encoding="utf-8")
    order = json.loads(stream.readline())
    for name in order["preload"]:
        __import__(name)
        if name == "torch":
            import torch

            torch.set_num_threads(1)
    from grader.errors import GraderError
    from grader.sandbox import jail

    leaked = os.open(order["leak"], os.O_RDONLY) if order["leak"] else -1
    secret = b"a secret in the memory of the zygote"
    import ctypes

    kept = ctypes.create_string_buffer(secret)
    try:
        prepared = jail.prepare(order["memory_mib"], without=order["without"])
    except GraderError as error:
        stream.write(json.dumps({"refused": str(error)}) + "\n")
        stream.flush()
        sys.exit(0)
    layers = jail.layers(prepared)
    stream.write(json.dumps({"layers": layers, "pid": os.getpid(), "leaked": leaked, "address": ctypes.addressof(kept)}) + "\n")
    stream.flush()
    for line in stream:
        stream.write(json.dumps(run(prepared, json.loads(line))) + "\n")
        stream.flush()
