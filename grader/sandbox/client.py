"""The trusted side of the sandbox: puts requests to a student's functions, keeps deadlines, and turns answers into observations or faults.

Reads programs and requests, writes nothing. A worker's answer is untrusted until it has passed `wire.decode` and the shape checks here; whatever
does not pass is the student's `crashed`. What the student's code cannot have caused (a zygote died, a worker was killed from outside) is
tried again, and becomes `WorkerLost` when that does not help.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from grader.errors import WorkerLost
from grader.model import Program, Submission
from grader.observation import Call, GradientObservation, Observation, Request, StudentFault
from grader.sandbox import kernel, modules, translate, wire
from grader.sandbox.fork_server import DYING_SECONDS, Death, ForkServer, Isolation
from grader.sandbox.messages import clean, exception_text, fault
from grader.sandbox.patience import Patience
from grader.unit import Exercise, Unit

TRIES = 3
# The trap that `no_autograd` puts into the engine.
SIGNAL_OF_AUTOGRAD = signal.SIGILL


class Sandbox:
    """The zygotes of a job. Use as a context manager; not for use by two threads at once.

    An exercise that has to do with torch gets its worker from a zygote that has loaded torch, any other one from a light zygote.
    """

    def __init__(self, unit: Unit, isolation: Isolation = "strict", *, without: Collection[str] = ()) -> None:
        """`without` takes layers away, for the tests that show what each is good for; grading never does."""
        self.unit = unit
        self.with_torch, self.light = (ForkServer(unit.limits.memory_mib, isolation, torch=torch, without=without) for torch in (True, False))

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start both zygotes and wait until they are ready. Raises as `ForkServer.await_ready` does."""
        servers = self.with_torch, self.light
        try:
            for server in servers:
                server.launch()
            for server in servers:
                server.await_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the zygotes and with them every worker."""
        self.with_torch.stop()
        self.light.stop()

    def restart(self) -> None:
        """Fresh zygotes."""
        self.stop()
        self.start()

    @property
    def layers(self) -> tuple[str, ...]:
        """What every worker is held by."""
        return tuple(layer for layer in self.with_torch.layers if layer in self.light.layers)

    def student(self, submission: Submission) -> SandboxedStudent:
        """The proxy through which checks reach one submission's code. Close it when the submission is done."""
        return SandboxedStudent(self, submission)


@dataclass(frozen=True, slots=True)
class _Worker:
    """A live worker that has loaded an exercise."""

    server: ForkServer
    pid: int
    incoming: wire.Incoming


class SandboxedStudent:
    """Implements `grader.observation.Student` for one submission: one live worker at a time, a fresh one for each exercise and after each death."""

    def __init__(self, sandbox: Sandbox, submission: Submission) -> None:
        self._sandbox = sandbox
        self._submission = submission
        self._unit = sandbox.unit
        self._limits = sandbox.unit.limits
        # All that happens from here on counts: what a student returns can be slow to read and to compare, too.
        self._until = time.monotonic() + sandbox.unit.limits.submission_seconds
        # So much of it is made good at most, where the machine kept a worker from running.
        self._reserve = sandbox.unit.limits.submission_seconds
        self._loaded: str | None = None
        self._worker: _Worker | None = None
        self._cells: dict[str, Any] = {}
        self._number = 0
        self._unloadable: dict[str, StudentFault] = {}
        # Functions that are not called again, and what is said of their further checks.
        self._stopped: dict[str, StudentFault] = {}
        # Exercises that turned out to need torch though they do not mention it.
        self._need_torch: set[str] = set()

    def call(self, function: str, *arguments: Any, repeat: int = 1, keywords: Mapping[str, Any] | None = None, seed: int = 0) -> Observation:
        """See `grader.observation.Student.call`."""
        (outcome,) = self.each(function, [Call(arguments, keywords or {}, repeat, seed=seed)])
        if isinstance(outcome, StudentFault):
            raise outcome
        observation: Observation = outcome
        return observation

    def each(self, function: str, requests: Sequence[Request]) -> list[Any]:
        """See `grader.observation.Student.each`. After a death that the student's code cannot have caused, all of it is tried again."""
        if function in self._stopped:
            return [self._stopped[function]]
        for _ in range(TRIES):
            try:
                return self._each_once(function, requests)
            except WorkerLost:
                server = self._server(self._unit.exercise_of(function))
                self._drop()
                if server.pid is None:
                    server.restart()
        raise WorkerLost("a sandbox process died again and again; is something killing processes on this machine?")

    def renew(self) -> None:
        """See `grader.observation.Student.renew`."""
        self.close()

    def close(self) -> None:
        """End the live worker, if there is one."""
        with contextlib.suppress(WorkerLost):
            self._end()

    def _each_once(self, function: str, requests: Sequence[Request]) -> list[Any]:
        exercise = self._unit.exercise_of(function)
        try:
            self._load(exercise, function)
        except StudentFault as problem:
            return [problem]
        kind = self._unit.function(function).kind
        ready = [translate.encoded(function, kind, request) for request in requests]
        answers = self._exchange(ready, self._limits.call_seconds, function, "")
        outcomes: list[Any] = []
        for request in requests:
            try:
                outcomes.append(self._read(exercise.name, function, request, next(answers)))
            except StudentFault as problem:
                outcomes.append(problem)
                if self._worker is None:
                    break
        return outcomes

    def _read(self, exercise: str, function: str, request: Request, answer: dict[str, Any]) -> Observation | GradientObservation:
        """A worker's answer to one request, as an observation or a fault."""
        if "fault" not in answer:
            observation = translate.observation(request, answer)
            return self._protocol(function) if observation is None else observation
        kind = answer["fault"]
        words = {"function": function, "path": self._path(exercise), "memory": self._limits.memory_mib, "exercise": exercise}
        if kind in ("error", "unsendable"):
            raise fault("error", **words, detail=exception_text(answer, self._submission.programs[exercise]))
        if kind == "missing":
            raise fault("missing", **words, detail=self._failed_cells(self._submission.programs[exercise]))
        if kind == "not_implemented":
            text = clean(answer.get("text"), 200)
            raise fault("not_implemented", **words, detail=f" ({text})" if text else "")
        if kind == "memory":
            self._end()  # what fills its memory must not be in the way of the other functions
            raise fault("memory", **words)
        return self._protocol(function)

    def _load(self, exercise: Exercise, function: str) -> None:
        """Make the exercise's worker the live one."""
        if exercise.name in self._unloadable:
            raise self._unloadable[exercise.name]
        if self._loaded == exercise.name:
            return
        self._end()
        program = self._submission.programs.get(exercise.name)
        if program is None:
            reason = self._submission.unavailable.get(exercise.name)
            raise fault("file_unusable" if reason else "file_missing", exercise=exercise.name, detail=reason or "")
        server = self._server(exercise)
        pid, channel = server.fork()
        self._worker = _Worker(server, pid, wire.Incoming(channel))
        answer = next(self._exchange([wire.encoded(translate.load(program, self._unit))], self._limits.load_seconds, function, "load_"))
        words = {"function": function, "path": program.source.path, "memory": self._limits.memory_mib}
        if "fault" in answer:
            self._end()
            self._unloadable[exercise.name] = fault(
                "load_memory" if answer["fault"] == "memory" else "load_error", **words, detail=exception_text(answer, program)
            )
            raise self._unloadable[exercise.name]
        if exercise.manual:
            server.close_autograd(self._worker.pid)
        cells = answer.get("cells")
        self._cells = cells if isinstance(cells, dict) else {}
        self._loaded = exercise.name

    def _server(self, exercise: Exercise) -> ForkServer:
        """Without torch where torch cannot be needed. A worker that needs it after all says so; one whose autograd must be closed has it anyway."""
        program = self._submission.programs.get(exercise.name)
        # Not asked of the files beside it: one of them is sure to mention torch, and few exercises import another.
        mentioned = program is not None and modules.mentions(program.source.code, "torch")
        needed = exercise.manual or exercise.name in self._need_torch or mentioned
        return self._sandbox.with_torch if needed else self._sandbox.light

    def _exchange(self, requests: Sequence[wire.Encoded], seconds: float, function: str, stage: str) -> Iterator[dict[str, Any]]:
        """Send requests and wait for each answer within the deadline; deaths, silence and nonsense become faults here."""
        worker = self._worker
        if worker is None:
            raise WorkerLost("no worker")
        first, self._number = self._number + 1, self._number + len(requests)
        frame = wire.several({"number": first}, "requests", requests)
        for number in range(first, first + len(requests)):
            remaining = self._until - time.monotonic()
            if remaining <= 0:
                self._end()
                raise fault("budget", function=function, seconds=self._limits.submission_seconds)
            limit = min(seconds, remaining)
            try:
                if number == first:
                    _send(worker.incoming, frame, limit)
                answer = self._awaited(worker, number, limit)
            except TimeoutError:
                stopped = "seccomp" in worker.server.layers and kernel.is_stopped(worker.pid)
                self._end()
                if stopped:
                    raise WorkerLost("a worker was stopped from outside") from None  # it cannot signal itself
                if limit < seconds:
                    raise fault("budget_during", function=function, seconds=self._limits.submission_seconds) from None
                self._timed_out(function, stage, limit)
            except (EOFError, OSError):
                self._died(worker, function, stage)
            except wire.WireError:
                self._protocol(function)
            yield answer

    def _awaited(self, worker: _Worker, number: int, seconds: float) -> dict[str, Any]:
        """An answer. Time in which the worker could not run is not the student's, whose budget grows by it."""
        patience = Patience(seconds, partial(kernel.queued_seconds, worker.pid))
        try:
            return _receive(worker.incoming, number, patience)
        finally:
            if patience.granted:
                granted = min(patience.granted, self._reserve)
                self._until, self._reserve = self._until + granted, self._reserve - granted

    def _timed_out(self, function: str, stage: str, limit: float) -> NoReturn:
        if stage:
            exercise = self._unit.exercise_of(function).name
            self._unloadable[exercise] = fault("load_timeout", path=self._path(exercise), seconds=limit)
            raise self._unloadable[exercise]
        self._stopped[function] = fault("timeout_before", function=function, seconds=limit)
        raise fault("timeout", function=function, seconds=limit)

    def _died(self, worker: _Worker, function: str, stage: str) -> NoReturn:
        self._drop()
        death = worker.server.reap(worker.pid, DYING_SECONDS)
        if self._from_outside(death):
            raise WorkerLost("a worker was killed from outside")
        exercise = self._unit.exercise_of(function)
        if death.code == modules.NEEDS_TORCH and not worker.server.torch:
            self._need_torch.add(exercise.name)
            raise WorkerLost("a worker needs torch")
        if exercise.manual and not stage and death.signal == SIGNAL_OF_AUTOGRAD:
            self._stopped[function] = fault("forbidden", function=function)
            raise self._stopped[function]
        words = {"function": function, "path": self._path(exercise.name), "memory": self._limits.memory_mib, "detail": death.text}
        crash = fault(f"{stage}memory" if self._outgrew_memory(death) else f"{stage}crashed", **words)
        if stage:
            self._unloadable[exercise.name] = crash
        elif not death.by_itself:
            # It closed its connection and lives on: not to be waited for again and again.
            self._stopped[function] = crash
        raise crash

    def _from_outside(self, death: Death) -> bool:
        """Whether the student's code cannot have caused it. It can send no signal, but the kernel kills what outgrows memory or CPU time."""
        outgrown = death.signal == signal.SIGKILL and death.seconds > self._limits.submission_seconds
        return death.from_outside and not outgrown and not self._outgrew_memory(death)

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
        worker = self._worker
        if worker is not None:
            self._drop()
            worker.server.end(worker.pid)

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.incoming.channel.close()
        self._worker = None
        self._loaded = None


def _send(incoming: wire.Incoming, frame: wire.Encoded, seconds: float) -> None:
    """Put requests to a worker that has nothing more to say. A frame nobody asked for is no answer to what comes next."""
    channel = incoming.channel
    channel.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        if incoming.ahead or channel.recv(1, socket.MSG_PEEK):
            raise wire.WireError("a frame nobody asked for")
    channel.settimeout(seconds)
    wire.send(channel, frame, largest=wire.MAXIMUM_REQUEST)


def _receive(incoming: wire.Incoming, number: int, patience: Patience) -> dict[str, Any]:
    """The answer to the request of that number. A frame before or instead of it is no answer."""
    answer = incoming.receive(patience)
    if not isinstance(answer, dict) or not isinstance(answer.get("fault", ""), str):
        raise wire.WireError("no answer")
    found = answer.pop("number", None)
    if type(found) is not int or found != number:
        raise wire.WireError("an answer to something else")
    return answer
