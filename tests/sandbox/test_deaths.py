"""Deaths that are nobody's fault are made good; time that is up stays up; nothing is left behind."""

from __future__ import annotations

import dataclasses
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from student_code import LIMITS, ONES, SEVEN, ask, fault_of, submission

from grader.errors import WorkerLost
from grader.model import Outcome
from grader.sandbox import kernel
from grader.sandbox.client import Sandbox, SandboxedStudent
from grader.unit import current


def worker_of(student: SandboxedStudent) -> int:
    assert student._worker is not None
    return student._worker.pid


def zygote_of(sandbox: Sandbox) -> int:
    """The light one: nothing here needs torch."""
    assert sandbox.light.pid is not None
    return sandbox.light.pid


def wait_until_gone(*pids: int) -> None:
    """Zombies count as gone: whoever adopted them will reap them."""
    deadline = time.monotonic() + 5
    while alive := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < deadline, f"{alive} still live"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_killed_from_outside_is_tried_again(sandbox: Sandbox, number: signal.Signals) -> None:
    student = sandbox.student(submission("import time\ndef kl_divergence(mu, sigma):\n    time.sleep(0.2)\n    return 7.0\n"))
    student.call("kl_divergence", ONES, ONES)
    victim = worker_of(student)
    killer = threading.Timer(0.05, os.kill, (victim, number))
    killer.start()
    assert student.call("kl_divergence", ONES, ONES).value == 7.0
    killer.join()
    student.close()


def test_a_worker_stopped_from_outside_is_tried_again() -> None:
    with Sandbox(dataclasses.replace(current(), limits=dataclasses.replace(LIMITS, call_seconds=1.0))) as sandbox:
        student = sandbox.student(submission("import time\ndef kl_divergence(mu, sigma):\n    time.sleep(0.2)\n    return 7.0\n"))
        student.call("kl_divergence", ONES, ONES)
        stopper = threading.Timer(0.05, os.kill, (worker_of(student), signal.SIGSTOP))
        stopper.start()
        assert student.call("kl_divergence", ONES, ONES).value == 7.0
        stopper.join()
        student.close()


def test_a_worker_killed_between_two_calls_is_replaced(sandbox: Sandbox) -> None:
    student = sandbox.student(submission(SEVEN))
    for _ in range(3):
        assert student.call("kl_divergence", ONES, ONES).value == 7.0
        os.kill(worker_of(student), signal.SIGKILL)
    student.close()


def test_a_worker_killed_before_it_had_work_is_replaced(sandbox: Sandbox) -> None:
    first, second = sandbox.student(submission(SEVEN)), sandbox.student(submission(SEVEN))
    assert first.call("kl_divergence", ONES, ONES).value == 7.0
    deadline = time.monotonic() + 5
    while not (waiting := [pid for pid in kernel.children(zygote_of(sandbox)) if pid != worker_of(first)]):
        assert time.monotonic() < deadline, "no worker is forked ahead"
        time.sleep(0.01)
    for pid in waiting:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(*waiting)
    assert second.call("kl_divergence", ONES, ONES).value == 7.0
    first.close()
    second.close()


def test_no_worker_shares_writable_memory_with_another(sandbox: Sandbox) -> None:
    """Not even the pages that close autograd: the next worker is forked while one runs."""
    students = [sandbox.student(submission("# torch\n" + SEVEN)) for _ in range(3)]
    for student in students:
        assert student.call("kl_divergence", ONES, ONES).value == 7.0
    for student in students:
        maps = Path(f"/proc/{worker_of(student)}/maps").read_text(encoding="utf-8")
        assert not [line for line in maps.splitlines() if line.split()[1].startswith("rw") and line.split()[1].endswith("s")]
    for student in students:
        student.close()


def test_a_zygote_killed_from_outside_is_replaced(sandbox: Sandbox) -> None:
    student = sandbox.student(submission(SEVEN))
    assert student.call("kl_divergence", ONES, ONES).value == 7.0
    worker, zygote = worker_of(student), zygote_of(sandbox)
    os.kill(zygote, signal.SIGKILL)
    wait_until_gone(worker)  # a worker dies with its zygote
    assert student.call("kl_divergence", ONES, ONES).value == 7.0
    assert zygote_of(sandbox) != zygote
    student.close()


def test_a_zygote_killed_during_a_call_is_replaced_and_the_call_repeated(sandbox: Sandbox) -> None:
    student = sandbox.student(submission("import time\ndef kl_divergence(mu, sigma):\n    time.sleep(0.2)\n    return 7.0\n"))
    assert student.call("kl_divergence", ONES, ONES).value == 7.0
    killer = threading.Timer(0.05, os.kill, (zygote_of(sandbox), signal.SIGKILL))
    killer.start()
    assert student.call("kl_divergence", ONES, ONES).value == 7.0
    killer.join()
    student.close()


def test_a_worker_that_is_killed_again_and_again_is_the_graders_fault(sandbox: Sandbox) -> None:
    student = sandbox.student(submission("import time\ndef kl_divergence(mu, sigma):\n    time.sleep(0.4)\n    return 7.0\n"))
    done = threading.Event()

    def kill_all_workers() -> None:
        while not done.wait(0.05):
            if student._worker is not None:
                os.kill(student._worker.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_all_workers)
    killer.start()
    try:
        with pytest.raises(WorkerLost):
            student.call("kl_divergence", ONES, ONES)
    finally:
        done.set()
        killer.join()
        student.close()


# -------------------------------------------------------------------------------------------------------------- time in all


def test_what_has_not_run_when_the_time_is_up_is_a_timeout() -> None:
    limits = dataclasses.replace(LIMITS, call_seconds=5, submission_seconds=0.6)
    with Sandbox(dataclasses.replace(current(), limits=limits)) as sandbox:
        student = sandbox.student(
            submission(
                "import time\ndef kl_divergence(mu, sigma):\n    time.sleep(0.25)\n    return 7.0\n" + "def kl_gradient(mu, sigma): return 7.0\n"
            )
        )
        assert student.call("kl_divergence", ONES, ONES).value == 7.0
        for _ in range(4):
            last = fault_of(lambda: [student.call("kl_divergence", ONES, ONES) for _ in range(3)])
            assert last.outcome is Outcome.TIMEOUT
            assert "0.6 s" in last.message
        assert fault_of(lambda: student.call("kl_gradient", ONES, ONES)).outcome is Outcome.TIMEOUT
        student.close()
        assert ask(sandbox, submission(SEVEN)) == 7.0, "the next submission has its own time"


def test_nothing_is_left_when_the_sandbox_is_closed() -> None:
    with Sandbox(dataclasses.replace(current(), limits=LIMITS)) as sandbox:
        student = sandbox.student(submission(SEVEN))
        student.call("kl_divergence", ONES, ONES)
        pids = (worker_of(student), zygote_of(sandbox))
    wait_until_gone(*pids)
    student.close()
