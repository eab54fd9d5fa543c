"""The trusted side of the sandbox: starts the zygote, asks it for workers, keeps deadlines, and turns answers into observations or faults.

Reads programs and requests, writes nothing. A worker's answer is untrusted until it has passed `wire.decode` and the shape checks here; whatever
does not pass is the student's `crashed`. What the student's code cannot have caused (the zygote died, a worker was killed from outside) is
tried again, and becomes `WorkerLost` when that does not help.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from grader.errors import SandboxUnavailable, WorkerLost
from grader.model import Program, Submission
from grader.observation import GradientObservation, Observation, Probe, Refused, Rng, StudentFault, Tensor, TensorValue, TorchGenerator
from grader.sandbox import canary, cgroup, jail, modules, wire
from grader.sandbox.messages import clean, exception_text, fault
from grader.unit import Unit

ZYGOTE_START_SECONDS = 120.0
ZYGOTE_ANSWER_SECONDS = 30.0
TRIES = 3
# A process closes its sockets a moment before it is gone; one that is still there after this has only closed them.
DYING_SECONDS = 3.0
SIGNALS_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
# The trap that `no_autograd` puts into the engine.
SIGNAL_OF_AUTOGRAD = signal.SIGILL
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


Isolation = Literal["strict", "process"]


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
    def text(self) -> str:
        """The same in words."""
        if not self.by_itself:
            return "it closed its connection to the grader"
        if self.signal is not None:
            with contextlib.suppress(ValueError):
                return f"signal {signal.Signals(self.signal).name}"
            return f"signal {self.signal}"
        return f"it left with exit code {self.code}"


class Sandbox:
    """One zygote and its workers. Use as a context manager; not for use by two threads at once."""

    def __init__(self, unit: Unit, isolation: Isolation = "strict", *, without: Collection[str] = ()) -> None:
        """`without` takes layers away, for the tests that show what each is good for; grading never does."""
        self.unit = unit
        self.isolation = isolation
        self.layers: tuple[str, ...] = ()
        self._without = sorted(without)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the zygote and wait until it is ready.

        Raises:
            SandboxUnavailable: it did not come up, or does not hold; the message says why.
            WorkerLost: it was killed from outside while it started.
        """
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and a fixed command
            [sys.executable, "-s", "-P", "-B", "-c", "from grader.sandbox.zygote import main; main()", str(theirs.fileno())],
            env=ENVIRONMENT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        theirs.close()
        self._control = ours
        try:
            wire.send(ours, {"memory_mib": self.unit.limits.memory_mib, "isolation": self.isolation, "without": self._without})
            ready = wire.receive(ours, ZYGOTE_START_SECONDS)
        except (OSError, EOFError, wire.WireError) as error:
            if self._was_killed():
                raise WorkerLost("the sandbox's fork server was killed while it started") from error
            raise SandboxUnavailable("the sandbox's fork server did not start; `grade doctor` says what is missing") from error
        if "unavailable" in ready:
            self.stop()
            raise SandboxUnavailable(ready["unavailable"])
        self.layers = ("process", *ready["layers"]) if self.isolation == "process" else tuple(ready["layers"])
        if self.isolation == "strict" and not self._without:
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
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            cgroup.remove(self._process.pid)
        self._control = self._process = None

    @property
    def running(self) -> bool:
        """Whether there is a zygote; one that did not answer as it should has been ended."""
        return self._control is not None

    def restart(self) -> None:
        """A fresh zygote in place of one that died."""
        self.stop()
        self.start()

    def student(self, submission: Submission) -> SandboxedStudent:
        """The proxy through which checks reach one submission's code. Close it when the submission is done."""
        return SandboxedStudent(self, submission)

    def fork(self) -> tuple[int, socket.socket]:
        """A fresh worker, locked down and verified: its process id and a connection to it.

        Raises:
            WorkerLost: the zygote is gone, or the worker was killed from outside before it was ready.
            SandboxUnavailable: the worker is not locked down as it must be.
        """
        ours, theirs = socket.socketpair()
        try:
            wire.send(self._live_control(), {"op": "fork"})
            socket.send_fds(self._live_control(), [b"F"], [theirs.fileno()])
            answer = wire.receive(self._live_control(), ZYGOTE_ANSWER_SECONDS)
        except (OSError, EOFError, wire.WireError) as error:
            ours.close()
            self.stop()
            raise WorkerLost("the sandbox's fork server died") from error
        finally:
            theirs.close()
        pid = int(answer["pid"])
        self._await_lock_down(pid, ours)
        return pid, ours

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
        wrong = jail.verify_child(pid, self.layers) if self.isolation == "strict" else None
        if wrong is not None:
            channel.close()
            self.reap(pid)
            raise SandboxUnavailable(f"a worker is not locked down: {wrong}")

    def reap(self, pid: int, patience: float = 0.0) -> Death:
        """Learn how a worker has ended, or end it: a dying one gets `patience` seconds to do so by itself.

        Raises:
            WorkerLost: the zygote is gone.
        """
        try:
            wire.send(self._live_control(), {"op": "reap", "pid": pid, "patience": patience})
            end = wire.receive(self._live_control(), ZYGOTE_ANSWER_SECONDS)
        except (OSError, EOFError, wire.WireError) as error:
            self.stop()
            raise WorkerLost("the sandbox's fork server died") from error
        code = os.waitstatus_to_exitcode(end["status"])
        return Death(code if code >= 0 else None, -code if code < 0 else None, end["by_itself"], end["seconds"], end["grown_mib"])

    def _live_control(self) -> socket.socket:
        if self._control is None:
            raise WorkerLost("the sandbox's fork server is not running")
        return self._control


class SandboxedStudent:
    """Implements `grader.observation.Student` for one submission: one live worker at a time, a fresh one for each exercise and after each death."""

    def __init__(self, sandbox: Sandbox, submission: Submission) -> None:
        self._sandbox = sandbox
        self._submission = submission
        self._unit = sandbox.unit
        self._limits = sandbox.unit.limits
        self._remaining = sandbox.unit.limits.submission_seconds
        self._loaded: str | None = None
        self._worker: tuple[int, socket.socket] | None = None
        self._cells: dict[str, Any] = {}
        self._number = 0
        self._unloadable: dict[str, StudentFault] = {}
        # Functions that are not called again, and what is said of their further checks.
        self._stopped: dict[str, StudentFault] = {}

    def call(self, function: str, *arguments: Any, repeat: int = 1, keywords: Mapping[str, Any] | None = None, seed: int = 0) -> Observation:
        """See `grader.observation.Student.call`."""
        request = {"op": "call", "function": function, "arguments": _to_wire(arguments), "keywords": {}, "repeat": repeat, "seed": seed}
        request["keywords"] = {name: _to_wire(value) for name, value in (keywords or {}).items()}
        answer = self._ask(function, request)
        values, after, touched = answer.get("values"), answer.get("arguments"), answer.get("touched")
        if not isinstance(values, list) or len(values) != repeat or not isinstance(after, tuple) or len(after) != len(arguments):
            self._protocol(function)
        return Observation(tuple(_from_wire(value) for value in values), tuple(map(_from_wire, after)), _names(touched))

    def gradients(self, function: str, *arguments: Any, cotangents: Sequence[NDArray[Any]], seed: int = 0) -> GradientObservation:
        """See `grader.observation.Student.gradients`."""
        kind = self._unit.function(function).kind
        request = {"op": "gradients", "function": function, "kind": kind, "arguments": _to_wire(arguments), "seed": seed}
        request["cotangents"] = list(cotangents)
        answer = self._ask(function, request)
        pulled, after = answer.get("gradients"), answer.get("arguments")
        if not isinstance(pulled, list) or len(pulled) != len(cotangents) or not all(isinstance(row, tuple) for row in pulled):
            self._protocol(function)
        if not isinstance(after, tuple) or len(after) != len(arguments) or "value" not in answer:
            self._protocol(function)
        return GradientObservation(
            _from_wire(answer["value"]),
            tuple(tuple(map(_from_wire, row)) for row in pulled),
            tuple(map(_from_wire, after)),
            _names(answer.get("touched")),
            _names(answer.get("overridden")),
        )

    def close(self) -> None:
        """End the live worker, if there is one."""
        with contextlib.suppress(WorkerLost):
            self._end()

    def _ask(self, function: str, request: dict[str, Any]) -> dict[str, Any]:
        """One request, tried again after a death that the student's code cannot have caused."""
        if function in self._stopped:
            raise self._stopped[function]
        for _ in range(TRIES):
            try:
                return self._ask_once(function, request)
            except WorkerLost:
                self._drop()
                if not self._sandbox.running:
                    self._sandbox.restart()
        raise WorkerLost("a sandbox process died again and again; is something killing processes on this machine?")

    def _ask_once(self, function: str, request: dict[str, Any]) -> dict[str, Any]:
        exercise = self._unit.exercise_of(function)
        self._load(exercise.name, function)
        answer = self._exchange(request, self._limits.call_seconds, function, "")
        if "fault" not in answer:
            return answer
        kind = answer["fault"]
        words = {"function": function, "path": self._path(exercise.name), "memory": self._limits.memory_mib, "exercise": exercise.name}
        if kind in ("error", "unsendable"):
            raise fault("error", **words, detail=exception_text(answer, self._submission.programs[exercise.name]))
        if kind == "missing":
            raise fault("missing", **words, detail=self._failed_cells(self._submission.programs[exercise.name]))
        if kind == "not_implemented":
            text = clean(answer.get("text"), 200)
            raise fault("not_implemented", **words, detail=f" ({text})" if text else "")
        if kind == "memory":
            raise fault("memory", **words)
        return self._protocol(function)

    def _load(self, exercise: str, function: str) -> None:
        """Make the exercise's worker the live one."""
        if exercise in self._unloadable:
            raise self._unloadable[exercise]
        if self._loaded == exercise:
            return
        self._end()
        program = self._submission.programs.get(exercise)
        if program is None:
            reason = self._submission.unavailable.get(exercise)
            raise fault("file_unusable" if reason else "file_missing", exercise=exercise, detail=reason or "")
        self._worker = self._sandbox.fork()
        answer = self._exchange(_load_request(program, self._unit), self._limits.load_seconds, function, "load_")
        words = {"function": function, "path": program.source.path, "memory": self._limits.memory_mib}
        if "fault" in answer:
            self._end()
            self._unloadable[exercise] = fault(
                "load_memory" if answer["fault"] == "memory" else "load_error", **words, detail=exception_text(answer, program)
            )
            raise self._unloadable[exercise]
        cells = answer.get("cells")
        self._cells = cells if isinstance(cells, dict) else {}
        self._loaded = exercise

    def _exchange(self, request: dict[str, Any], seconds: float, function: str, stage: str) -> dict[str, Any]:
        """Send a request and wait for its answer within the deadline; deaths, silence and nonsense become faults here."""
        if self._worker is None:
            raise WorkerLost("no worker")
        if self._remaining <= 0:
            raise fault("budget", function=function, seconds=self._limits.submission_seconds)
        pid, channel = self._worker
        self._number += 1
        limit, started = min(seconds, self._remaining), time.monotonic()
        try:
            answer = _round_trip(channel, {**request, "number": self._number}, limit)
        except TimeoutError:
            self._end()
            if limit < seconds:
                raise fault("budget_during", function=function, seconds=self._limits.submission_seconds) from None
            self._timed_out(function, stage, limit)
        except (EOFError, OSError):
            self._died(pid, function, stage)
        except wire.WireError:
            self._protocol(function)
        finally:
            self._remaining -= time.monotonic() - started
        return answer

    def _timed_out(self, function: str, stage: str, limit: float) -> NoReturn:
        if stage:
            exercise = self._unit.exercise_of(function).name
            self._unloadable[exercise] = fault("load_timeout", path=self._path(exercise), seconds=limit)
            raise self._unloadable[exercise]
        self._stopped[function] = fault("timeout_before", function=function, seconds=limit)
        raise fault("timeout", function=function, seconds=limit)

    def _died(self, pid: int, function: str, stage: str) -> NoReturn:
        self._drop()
        death = self._sandbox.reap(pid, DYING_SECONDS)
        if self._from_outside(death):
            raise WorkerLost("a worker was killed from outside")
        exercise = self._unit.exercise_of(function)
        if exercise.manual and not stage and death.signal == SIGNAL_OF_AUTOGRAD:
            self._stopped[function] = fault("forbidden", function=function)
            raise self._stopped[function]
        words = {"function": function, "path": self._path(exercise.name), "memory": self._limits.memory_mib, "detail": death.text}
        crash = fault(f"{stage}memory" if self._outgrew_memory(death) else f"{stage}crashed", **words)
        if stage:
            self._unloadable[exercise.name] = crash
        raise crash

    def _from_outside(self, death: Death) -> bool:
        """Whether the student's code cannot have caused it. It can send no signal, but the kernel kills what outgrows memory or CPU time."""
        outgrown = death.signal == signal.SIGKILL and death.seconds > self._limits.submission_seconds
        return death.by_itself and death.signal in SIGNALS_FROM_OUTSIDE and not outgrown and not self._outgrew_memory(death)

    def _outgrew_memory(self, death: Death) -> bool:
        """Whether the kernel ended it for the memory group's limit, which also counts pages that the limit on address space does not."""
        return death.signal == signal.SIGKILL and death.grown_mib > self._limits.memory_mib / 2

    def _protocol(self, function: str) -> NoReturn:
        """The worker's answer is no answer: its process is not trusted to go on."""
        self._end()
        raise fault("protocol", function=function)

    def _path(self, exercise: str) -> str:
        program = self._submission.programs.get(exercise)
        return program.source.path if program else f"{exercise}.py"

    def _failed_cells(self, program: Program) -> str:
        """For a function that no cell defined: the first cell that failed, which is usually why."""
        for place, answer in self._cells.items():
            if isinstance(answer, dict):
                return f" {clean(place, 120)} failed: {exception_text(answer, program)}"
        return ""

    def _end(self) -> None:
        if self._worker is not None:
            pid, _ = self._worker
            self._drop()
            self._sandbox.reap(pid)

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker[1].close()
        self._worker = None
        self._loaded = None


def _round_trip(channel: socket.socket, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The answer that belongs to the request. A frame nobody asked for, before or instead of it, is no answer."""
    if _has_surplus(channel):
        raise wire.WireError("a frame nobody asked for")
    channel.settimeout(seconds)
    wire.send(channel, request, largest=wire.MAXIMUM_REQUEST)
    answer = wire.receive(channel, seconds)
    if not isinstance(answer, dict) or not isinstance(answer.get("fault", ""), str):
        raise wire.WireError("no answer")
    number = answer.pop("number", None)
    if type(number) is not int or number != request["number"]:
        raise wire.WireError("an answer to something else")
    return answer


def _has_surplus(channel: socket.socket) -> bool:
    channel.setblocking(False)
    try:
        return bool(channel.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False


def _load_request(program: Program, unit: Unit) -> dict[str, Any]:
    """Exercises keep their names against installed packages of the same name; helpers do not."""
    names = {exercise.name for exercise in unit.exercises}
    sources = {program.exercise: program.source, **{name: source for name, source in program.modules.items() if name != program.exercise}}
    parts: dict[str, dict[str, Any]] = {"exercises": {}, "helpers": {}}
    for name, source in sources.items():
        parts["exercises" if name in names else "helpers"][name] = (source.path, modules.pack(source.code))
    manual = unit.exercise(program.exercise).manual
    return {"op": "load", "exercise": program.exercise, "manual": manual, "packages": sorted(program.packages), "seed": 0, **parts}


def _to_wire(value: Any) -> Any:
    """Recipes as tagged data; everything else is plain already."""
    if isinstance(value, Rng):
        return wire.Tagged("rng", {"seed": value.seed, "bit_generator": value.bit_generator, "zeros": value.zeros})
    if isinstance(value, TorchGenerator):
        return wire.Tagged("torch_generator", value.seed)
    if isinstance(value, Tensor):
        return wire.Tagged("tensor", (np.asarray(value.value), value.requires_grad))
    if isinstance(value, Probe):
        return wire.Tagged("probe", value.name)
    if isinstance(value, (tuple, list)):
        return type(value)(_to_wire(item) for item in value)
    return value


def _from_wire(value: Any) -> Any:
    """The worker's plain data in the checks' words. A tag that is none of ours is a refused value."""
    if isinstance(value, wire.Tagged):
        if value.kind == "tensor" and isinstance(value.value, tuple) and len(value.value) == 3:
            array, dtype, has_graph = value.value
            if isinstance(array, np.ndarray) and isinstance(dtype, str) and isinstance(has_graph, bool):
                return TensorValue(array, clean(dtype, 40), has_graph)
        return Refused(clean(value.value, 200) or "something that is no number")
    if isinstance(value, (tuple, list)):
        return type(value)(_from_wire(item) for item in value)
    return value if value is None or isinstance(value, (float, int, np.ndarray)) else Refused("something that is no number")


def _names(value: Any) -> frozenset[str]:
    return frozenset(clean(item, 60) for item in value) if isinstance(value, list) else frozenset()
