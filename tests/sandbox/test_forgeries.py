"""Forged, surplus and broken answers: nothing is gained by them, nothing but their own worker suffers."""

from __future__ import annotations

import time

import pytest
from student_code import ONES, ask, fault_of, outcome_of, submission

from grader.model import Outcome
from grader.observation import Refused
from grader.sandbox.client import Sandbox

# Student code can find the socket and everything else in its process. `{}` is replaced by an attack on it.
FORGER = """
import gc, json, os, socket, struct, time
import numpy as np

def channel():
    return next(int(fd) for fd in range(3, 64) if is_socket(fd))

def is_socket(fd):
    try:
        socket.socket(fileno=os.dup(fd)).detach()
        return True
    except OSError:
        return False

def frame(tree, payload=b"", header=None, length=None):
    header = json.dumps(tree).encode() if header is None else header
    return struct.pack("<IQ", len(header) if length is None else length, len(payload)) + header + payload

def answer(number, **words):
    return frame({{"d": [part for pair in {{"number": number, **words}}.items() for part in pair]}})

def kl_divergence(mu, sigma):
    fd = channel()
    {}
    return 7.0

def kl_gradient(mu, sigma):
    return 7.0
"""

FORGERIES: dict[str, str] = {
    "bytes that are no frame": "os.write(fd, b'x' * 100)",
    "a header that is no JSON": "os.write(fd, frame(None, header=b'no json'))",
    "a giant header": "os.write(fd, frame(None, header=b'', length=2**32 - 1))",
    "a giant payload": "os.write(fd, struct.pack('<IQ', 4, 2**63) + b'null')",
    "nothing but null": "os.write(fd, frame(None))",
    "a list": "os.write(fd, frame([]))",
    "an answer to nothing": "os.write(fd, answer(10**6, values=[7.0]))",
    "a number that is an array": "os.write(fd, frame({'d': ['number', {'a': ['<i8', [2]]}]}, b'\\0' * 16))",
    "a number that is true": "os.write(fd, answer(True))",
    "a fault that is an array": "os.write(fd, frame({'d': ['number', 2, 'fault', {'a': ['<i8', [2]]}]}, b'\\0' * 16))",
    "a fault nobody knows": "os.write(fd, answer(2, fault='passed'))",
    "no values": "os.write(fd, answer(2))",
    "too many values": "os.write(fd, answer(2, values=[1.0, 2.0], arguments={'t': []}, touched=[]))",
    "values that are no list": "os.write(fd, answer(2, values=7.0, arguments={'t': []}, touched=[]))",
    "arguments that are missing": "os.write(fd, answer(2, values=[1.0], touched=[]))",
    "an executable object": "os.write(fd, b'\\x80\\x04cos\\nsystem\\n(S\"true\"\\ntR.' * 10)",
}


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_answer_is_the_students_own_crash(sandbox: Sandbox, name: str) -> None:
    student = sandbox.student(submission(FORGER.format(FORGERIES[name])))
    assert fault_of(lambda: student.call("kl_divergence", ONES, ONES)).outcome is Outcome.CRASHED
    assert student.call("kl_gradient", ONES, ONES).value == 7.0
    student.close()


WELL_FORMED = "answer(2, values=[1.0], arguments={'t': []}, touched=[])"


@pytest.mark.usefixtures("healthy")
def test_a_forged_answer_that_is_well_formed_is_just_what_the_student_returned(sandbox: Sandbox) -> None:
    student = sandbox.student(submission(FORGER.format(f"os.write(fd, {WELL_FORMED})")))
    assert student.call("kl_divergence", ONES, ONES).value == 1.0
    student.close()


@pytest.mark.usefixtures("healthy")
def test_surplus_frames_are_found_before_the_next_request(sandbox: Sandbox) -> None:
    student = sandbox.student(submission(FORGER.format(f"os.write(fd, {WELL_FORMED} * 3)")))
    student.call("kl_divergence", ONES, ONES)
    time.sleep(0.1)
    assert fault_of(lambda: student.call("kl_gradient", ONES, ONES)).outcome is Outcome.CRASHED
    assert student.call("kl_gradient", ONES, ONES).value == 7.0
    student.close()


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize("attack", ["os.write(fd, answer(2)[:9]); os._exit(0)", "os.write(fd, frame(None, b'x' * 100)[:-1]); os._exit(0)"])
def test_a_truncated_frame_is_a_crash(sandbox: Sandbox, attack: str) -> None:
    assert outcome_of(sandbox, submission(FORGER.format(attack))) is Outcome.CRASHED


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    "attack", ["os.write(fd, answer(2)[:9]); time.sleep(60)", "[os.write(fd, b'\\0') or time.sleep(0.05) for _ in iter(int, 1)]"]
)
def test_a_frame_that_drips_runs_into_the_deadline(sandbox: Sandbox, attack: str) -> None:
    assert outcome_of(sandbox, submission(FORGER.format(attack))) in (Outcome.TIMEOUT, Outcome.CRASHED)


@pytest.mark.usefixtures("healthy")
def test_a_flood_of_bytes_is_not_read_beyond_one_frame(sandbox: Sandbox) -> None:
    assert outcome_of(sandbox, submission(FORGER.format("[os.write(fd, b'\\xff' * 10**6) for _ in iter(int, 1)]"))) is Outcome.CRASHED


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    "answer",
    [
        "{'x': ['tensor', 3]}",
        "{'x': ['tensor', {'t': [1, 2, 3]}]}",
        "{'x': ['os.system', 'true']}",
        "{'x': ['refused', []]}",
        "{'d': ['a', 1]}",
        "{'t': [{'d': []}, {'y': [0]}]}",
        "True",
    ],
)
def test_a_forged_value_that_is_no_number_is_a_value_that_is_no_number(sandbox: Sandbox, answer: str) -> None:
    attack = f"os.write(fd, answer(2, values=[{answer}], arguments={{'t': []}}, touched=[]))"
    value = ask(sandbox, submission(FORGER.format(attack)))
    assert isinstance(value, Refused) or value is True or all(isinstance(item, Refused) for item in value)
