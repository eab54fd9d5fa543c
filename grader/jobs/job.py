"""One job: a process with a warm pytest session and a zygote, which grades what it is sent until the connection ends.

    executor -> job                     job -> executor
                                        READY, once it can grade
    Task                                Verdict
                                        GraderError, when it cannot grade anything: its last word

Both ends are the grader's own and trust each other; what came from a student is data in both directions.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import closing, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from threading import Thread

from grader.checks import session
from grader.checks.fingerprint import fingerprints
from grader.errors import GraderError, SandboxUnavailable, UnitError, WorkerLost
from grader.intake import Entry, read
from grader.jobs import Task, Verdict, fault
from grader.model import Submission
from grader.results.context import Isolation
from grader.sandbox.client import Sandbox
from grader.unit import Unit, current, data_directory

READY = "ready"
PR_SET_PDEATHSIG = 1


def solutions(unit: Unit) -> Submission:
    """The solutions, as if they had been handed in."""
    return read(Entry(data_directory("solutions"), "solutions", "solutions"), unit)


class Grader:
    """All that grading a submission takes, started once."""

    def __init__(self, grade: session.Grade, sandbox: Sandbox, checks: Mapping[str, str]) -> None:
        self._grade = grade
        self._sandbox = sandbox
        self._checks = checks

    def verdict(self, task: Task) -> Verdict:
        """Grade one submission. Whatever goes wrong with it alone is a fault in its verdict.

        Raises:
            UnitError: the checks are not those the run began with.
            SandboxUnavailable: nothing can be graded here any more.
        """
        if task.context.checks != self._checks:
            raise UnitError("the checks, the solutions or unit.toml changed while grading; run the same command again")
        started = time.perf_counter()
        student = self._sandbox.student(task.submission)
        try:
            exercises = self._grade(student, task.context.seed, task.exercises)
        except SandboxUnavailable:
            raise
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is no student's doing, and the rest of the class is graded
            if isinstance(problem, GraderError) and not isinstance(problem, WorkerLost):
                student.close()  # a broken check; the sandbox is well
            else:
                self._sandbox.restart()
            return fault(task, traceback.format_exc())
        student.close()
        return Verdict(task.context.graded(task.submission, exercises, self._sandbox.layers, time.perf_counter() - started))


def serve(connection: Connection, unit: Unit, isolation: Isolation) -> None:
    """Answer tasks until the other end closes the connection."""

    def body(grade: session.Grade) -> None:
        grader = Grader(grade, sandbox, checks)
        connection.send(READY)
        while True:
            try:
                task = connection.recv()
            except EOFError:
                return
            connection.send(grader.verdict(task))

    # Loading torch takes the solutions a second here and the zygote a second there: both at once.
    Thread(target=_load_torch, daemon=True).start()
    try:
        checks = fingerprints(unit)
        with Sandbox(unit, isolation) as sandbox:
            session.run(unit, body, lambda: closing(sandbox.student(solutions(unit))))
    except (WorkerLost, EOFError):
        # Killed from outside while starting: this job is as dead as its sandbox, and a fresh one is tried.
        return
    except GraderError as error:
        connection.send(error)
    except OSError as error:
        connection.send(GraderError(f"a grading process failed ({error}); `ulimit -a` and `grade doctor` show what this machine gives it"))
    except Exception:  # noqa: BLE001  # the last word must be one that the other end can show
        connection.send(GraderError(f"a grading process failed:\n{traceback.format_exc()}"))


def _load_torch() -> None:
    # If it cannot be loaded, whoever needs it says so.
    with suppress(Exception):
        import_module("torch")


def main() -> None:
    """Entry point, with the arguments DESCRIPTOR, PARENT and ISOLATION."""
    _end_with(int(sys.argv[2]))
    # Ctrl-C and the end of a terminal reach the whole group; when a job ends is for its executor to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    isolation: Isolation = "process" if sys.argv[3] == "process" else "strict"
    serve(Connection(int(sys.argv[1])), current(), isolation)


def _end_with(parent: int) -> None:
    """Die when the executor dies, however it dies; a job that outlived it would grade for nobody."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
