"""Jobs on this machine: processes that are started when there is work for them and replaced when they die."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Pipe, wait

from grader.errors import GraderError
from grader.interpreter import ONE_THREAD, running
from grader.jobs import Task, Verdict, fault
from grader.results.context import Isolation
from grader.sandbox import canary, cgroup, kernel
from grader.unit import Limits

# A submission whose job died is graded again by a fresh one; after this many deaths it is a fault.
TRIES = 3
# A job that is silent for this much longer than a submission may take has been stopped or is stuck; it is ended, which counts as a death.
PATIENCE_SECONDS = 180.0
# One thread each: N jobs use N cores, and sums come out the same on every machine. A fixed hash seed keeps orders the same too.
ENVIRONMENT = {**ONE_THREAD, "PYTHONHASHSEED": "0"}


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Attempt:
    """A task and how many jobs died over it."""

    task: Task
    deaths: int = 0


class _Job:
    """One process. It works on at most one attempt; before its first word it is starting."""

    def __init__(self, isolation: Isolation) -> None:
        try:
            self._start(isolation)
        except OSError as error:
            raise GraderError(f"no process can be started ({error.strerror}); raise `ulimit -n` and `ulimit -u`, or ask for fewer with -j") from error
        self.starting = True
        self.attempt: _Attempt | None = None
        self.since = time.monotonic()

    def _start(self, isolation: Isolation) -> None:
        self.connection, theirs = Pipe()
        # -P: a numpy.py in the folder where the command is run is not imported. -W: the checks' warnings are no news to the terminal.
        command = [sys.executable, "-P", "-W", "ignore", *running("grader.jobs.start"), str(theirs.fileno()), str(os.getpid()), isolation]
        self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and a fixed command
            command,
            pass_fds=[theirs.fileno()],
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()

    def give(self, attempt: _Attempt) -> None:
        self.attempt, self.since = attempt, time.monotonic()
        # A job that is dead by now shows as the end of its connection.
        with contextlib.suppress(OSError):
            self.connection.send(attempt.task)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.connection.close()


@dataclass
class LocalJobs:
    """Implements `grader.jobs.Executor`. Use as a context manager: when it ends, no process of its is left.

    Args:
        count: how many jobs at most; no more are started than there are tasks.
        isolation: what the sandbox demands of this machine.
        limits: the catalogue's.
    """

    count: int
    isolation: Isolation
    limits: Limits
    _jobs: list[_Job] = field(default_factory=list)
    _coming: Iterator[Task] = field(default_factory=lambda: iter(()))
    _waiting: deque[_Attempt] = field(default_factory=deque)
    _failed_starts: int = 0

    def __enter__(self) -> LocalJobs:
        return self

    def __exit__(self, *_: object) -> None:
        zygotes = [child for job in self._jobs for child in kernel.children(job.process.pid)]
        for job in self._jobs:
            job.process.kill()
        while self._jobs:
            self._jobs.pop().end()
        # Fork servers die with their jobs; what both leave outside of themselves is removed here, also of jobs that died before.
        for zygote in zygotes:
            cgroup.remove(zygote)
        cgroup.sweep()
        canary.sweep()

    def grade(self, tasks: Iterable[Task]) -> Iterator[Verdict]:
        """See `grader.jobs.Executor.grade`."""
        self._coming = iter(tasks)
        self._hand_out()
        while self._waiting or any(job.attempt for job in self._jobs):
            yield from self._answers()
            self._hand_out()

    def _hand_out(self) -> None:
        """Give free jobs work, and start as many more as there is work for."""
        while len(self._waiting) < self._vacancies() and (task := next(self._coming, None)) is not None:
            self._waiting.append(_Attempt(task))
        for job in self._jobs:
            if self._waiting and not job.starting and job.attempt is None:
                job.give(self._waiting.popleft())
        starting = sum(job.starting for job in self._jobs)
        for _ in range(min(len(self._waiting) - starting, self.count - len(self._jobs))):
            self._jobs.append(_Job(self.isolation))

    def _vacancies(self) -> int:
        """How many more attempts could be worked on: jobs that are free, starting, or not started yet."""
        return self.count - sum(job.attempt is not None for job in self._jobs)

    def _answers(self) -> Iterator[Verdict]:
        """Wait until something happens; the verdicts that came of it."""
        ready = wait([job.connection for job in self._jobs], timeout=1.0)
        for job in list(self._jobs):
            if job.connection in ready:
                yield from self._answer(job)
            elif (job.starting or job.attempt) and time.monotonic() - job.since > self.limits.submission_seconds + PATIENCE_SECONDS:
                yield from self._died(job)

    def _answer(self, job: _Job) -> Iterator[Verdict]:
        try:
            message = job.connection.recv()
        except (EOFError, OSError):
            yield from self._died(job)
            return
        if isinstance(message, GraderError):
            raise message
        job.starting, self._failed_starts = False, 0
        if isinstance(message, Verdict):
            job.attempt = None
            try:
                # While this verdict is written down, which may take a while, the job is at work again.
                self._hand_out()
            finally:
                yield message

    def _died(self, job: _Job) -> Iterator[Verdict]:
        self._jobs.remove(job)
        job.end()
        if job.starting:
            self._failed_starts += 1
            if self._failed_starts >= TRIES * self.count:
                raise GraderError("the grading processes die before they can begin; `grade doctor` says what this machine can do")
        attempt = job.attempt
        if attempt is None:
            return
        attempt.deaths += 1
        if attempt.deaths < TRIES:
            self._waiting.append(attempt)
        else:
            yield fault(attempt.task, f"{TRIES} grading processes died over this submission (the last one ended with {job.process.returncode}).\n")
