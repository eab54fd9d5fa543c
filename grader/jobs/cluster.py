"""Jobs on many machines: a Dask cluster carries tasks to its workers, and each thread of a worker keeps one job as `local` does.

    executor -> scheduler -> worker: grade_here(task) -> LocalJobs(1) -> job
                             verdict <-

Tasks hold submissions as bytes, so nothing is shared but the network. Client, scheduler and workers are the instructor's machines with the same
package and trust each other, as Dask demands; student code stays behind the jail of the worker that grades it.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import platform
import re
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from grader import __version__
from grader.checks.fingerprint import fingerprints
from grader.errors import GraderError, UsageError
from grader.jobs import Task, Verdict, fault
from grader.jobs.local import LocalJobs
from grader.results.context import combined
from grader.unit import current

PIP = "pip install 'reparam-exercises[cluster]'"
CONNECT_SECONDS = 10.0
FIRST_WORKER_SECONDS = 60.0
# Tasks under way for every thread of the cluster: one that is graded and one that lies ready, so that nobody waits for the network.
AHEAD = 2
# How old the count of threads may get: workers come and go.
COUNT_SECONDS = 2.0

Installed = dict[str, str]


def installed() -> Installed:
    """What verdicts depend on besides a task, as this machine has it."""
    versions = {name: importlib.metadata.version(name) for name in ("torch", "numpy", "pytest")}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"reparam-exercises": __version__, "checks": combined(fingerprints(current()))[:16], "python": python, **versions}


def demand_same(wanted: Installed, found: Installed, worker: str) -> None:
    """Refuse a worker whose verdicts could differ.

    Raises:
        GraderError: it has something else installed; the message says what, and which worker.
    """
    differences = [f"{name} {found.get(name, 'missing')} instead of {version}" for name, version in wanted.items() if found.get(name) != version]
    if differences:
        raise GraderError(
            f"{worker} has {', '.join(differences)}; install the same on every machine, restart the worker, and run the same command again"
        )


# A job dies with the thread that started it (see `job`): each thread of a Dask worker, which lives as long as the worker, has its own.
_mine = threading.local()


def grade_here(task: Task, wanted: Installed) -> Verdict:
    """One verdict, given by the job that this thread of a Dask worker keeps; it stays warm for the tasks and runs that follow.

    Raises:
        GraderError: no submission can be graded here; the message names the worker.
    """
    from distributed import get_worker

    worker = f"worker {get_worker().address}"
    key = (task.context.isolation, wanted)
    try:
        if getattr(_mine, "key", None) != key:
            _close_mine()
            demand_same(wanted, installed(), worker)
            _mine.jobs, _mine.key = LocalJobs(1, task.context.isolation, current().limits), key
        verdict: Verdict
        (verdict,) = _mine.jobs.grade([task])
    except GraderError as problem:
        _close_mine()
        text = str(problem)
        raise type(problem)(text if text.startswith(worker) else f"{worker}: {text}") from None
    return verdict


def _close_mine() -> None:
    jobs, _mine.jobs, _mine.key = getattr(_mine, "jobs", None), None, None
    if jobs is not None:
        jobs.__exit__()


@dataclass
class ClusterJobs:
    """Implements `grader.jobs.Executor`. Use as a context manager: it connects, and compares the workers with this machine before any work.

    A worker that dies has its tasks given to others by the scheduler; over how many deaths a task is given up, and becomes a fault, is its setting
    `distributed.scheduler.allowed-failures`, by default 3. Workers may join while it runs; they are compared before their first task.

    Args:
        scheduler: address of the cluster's scheduler, `tcp://host:port` or `tls://host:port`.
    """

    scheduler: str
    _dask: Any = None
    _client: Any = None
    _wanted: Installed = field(default_factory=installed)
    _threads: int = 0
    _counted: float = 0.0

    def __enter__(self) -> ClusterJobs:
        if not re.fullmatch(r"[a-z]+://.+:[0-9]+", self.scheduler):
            raise UsageError(f"{self.scheduler}: no address of a scheduler; one looks like tcp://host:8786")
        self._dask = _load_dask()
        try:
            self._client = self._dask.Client(self.scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="grade")
        except (OSError, TimeoutError) as error:
            raise GraderError(f"no scheduler answers at {self.scheduler}; start one with `dask scheduler`, or check address and firewall") from error
        try:
            self._compare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close(timeout=2.0)

    def grade(self, tasks: Iterable[Task]) -> Iterator[Verdict]:
        """See `grader.jobs.Executor.grade`."""
        coming = iter(tasks)
        under_way: dict[str, Task] = {}
        done = self._dask.as_completed(loop=self._client.loop)
        while True:
            while len(under_way) < AHEAD * self._count_threads() and (task := next(coming, None)) is not None:
                with self._connection():
                    future = self._client.submit(grade_here, task, self._wanted, pure=False)
                    done.add(future)
                under_way[future.key] = task
            if not under_way:
                return
            for future in done.next_batch():
                yield self._verdict(future, under_way.pop(future.key))

    def _verdict(self, future: Any, task: Task) -> Verdict:
        try:
            with self._connection():
                verdict: Verdict = future.result()
        except self._dask.scheduler.KilledWorker as error:
            return fault(task, f"too many Dask workers died over this submission: {error}\n")
        return verdict

    def _compare(self) -> None:
        """Ask every worker what it has installed."""
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
        except TimeoutError as error:
            raise GraderError(f"{self.scheduler} has no workers; start some with `dask worker {self.scheduler}`") from error
        try:
            answers: dict[str, Any] = self._client.run(installed, on_error="return")
        except Exception as error:
            raise GraderError(f"the workers of {self.scheduler} could not be asked what they have installed: {error}") from error
        for address, found in sorted(answers.items()):
            if isinstance(found, Exception):
                raise GraderError(f"worker {address} cannot grade ({type(found).__name__}: {found}); install reparam-exercises {__version__} there")
            demand_same(self._wanted, found, f"worker {address}")

    def _count_threads(self) -> int:
        """Threads of all workers; at least one, since workers that are gone may be replaced."""
        if time.monotonic() - self._counted > COUNT_SECONDS:
            with self._connection():
                self._threads = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
        return max(self._threads, 1)

    @contextmanager
    def _connection(self) -> Iterator[None]:
        """A connection that breaks ends the run in one line."""
        lost = (OSError, TimeoutError, futures.CancelledError, self._dask.client.ClosedClientError)
        try:
            yield
        except lost as error:
            raise GraderError(
                f"the scheduler at {self.scheduler} is gone; what was graded is kept, and the same command goes on from there"
            ) from error


def _load_dask() -> Any:
    """The package `distributed`, quiet: what its loggers would tell of a lost connection is said here in one line.

    Raises:
        UsageError: the extra is not installed.
    """
    try:
        dask = importlib.import_module("dask")
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError(f"--scheduler needs Dask: {PIP}") from error
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB", "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS:.0f}s"})
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return distributed
