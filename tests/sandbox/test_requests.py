"""Several requests in one go, and which of the two zygotes answers them, through a real sandbox."""

from __future__ import annotations

import numpy as np
import pytest
from student_code import ONES, ask, outcome_of, submission

from grader.model import Outcome
from grader.observation import Call, Observation, Rng, StudentFault, Tensor, TensorValue, TorchGenerator
from grader.sandbox.client import Sandbox
from grader.sandbox.modules import NEEDS_TORCH

THREE = [Call((number * ONES, ONES)) for number in (1.0, 2.0, 3.0)]
UNMENTIONED = "torch = __import__('tor' + 'ch')\n"


def answers(sandbox: Sandbox, code: str, requests: list[Call]) -> list[float | Outcome]:
    """What each request to `kl_divergence` ended in."""
    student = sandbox.student(submission(code))
    try:
        outcomes = student.each("kl_divergence", requests)
    finally:
        student.close()
    return [outcome.outcome if isinstance(outcome, StudentFault) else outcome.value for outcome in outcomes]


def test_requests_are_answered_in_order(sandbox: Sandbox) -> None:
    assert answers(sandbox, "def kl_divergence(mu, sigma):\n    return float(mu[0, 0])", THREE) == [1.0, 2.0, 3.0]


def test_an_exception_is_the_answer_to_its_own_request_alone(sandbox: Sandbox) -> None:
    code = "def kl_divergence(mu, sigma):\n    assert mu[0, 0] != 2\n    return float(mu[0, 0])"
    assert answers(sandbox, code, THREE) == [1.0, Outcome.ERROR, 3.0]


def test_after_a_death_there_is_nobody_left_to_ask(sandbox: Sandbox) -> None:
    code = "import os\ndef kl_divergence(mu, sigma):\n    return float(mu[0, 0]) if mu[0, 0] < 2 else os._exit(1)"
    assert answers(sandbox, code, THREE) == [1.0, Outcome.CRASHED]


def test_each_request_has_the_deadline_to_itself(sandbox: Sandbox) -> None:
    code = "import time\ndef kl_divergence(mu, sigma):\n    time.sleep({} * mu[0, 0])\n    return float(mu[0, 0])"
    assert answers(sandbox, code.format(0.25), THREE) == [1.0, 2.0, 3.0]
    assert answers(sandbox, code.format(0.7), THREE) == [1.0, Outcome.TIMEOUT]


FORGER = """
import json, os, socket, struct

def is_socket(fd):
    try:
        return bool(socket.socket(fileno=os.dup(fd)).detach())
    except OSError:
        return False

def forge(number):
    answer = ["number", number, "values", [70.0 + number], "arguments", {{"t": []}}, "touched", []]
    header = json.dumps({{"d": answer}}).encode()
    os.write(next(fd for fd in range(3, 64) if is_socket(fd)), struct.pack("<IQ", len(header), 0) + header)

def kl_divergence(mu, sigma):
    if mu[0, 0] == 1:
        for number in {}:
            forge(number)
    return float(mu[0, 0])
"""


def test_answers_forged_out_of_turn_end_the_worker(sandbox: Sandbox) -> None:
    assert answers(sandbox, FORGER.format([3, 2]), THREE) == [Outcome.CRASHED]


def test_answers_forged_ahead_are_but_the_students_own_and_their_surplus_ends_the_worker(sandbox: Sandbox) -> None:
    student = sandbox.student(submission(FORGER.format([2, 3, 4])))
    first, second = student.each("kl_divergence", THREE), student.each("kl_divergence", THREE)
    student.close()
    assert [outcome.value for outcome in first] == [72.0, 73.0, 74.0]
    assert [outcome.outcome for outcome in second] == [Outcome.CRASHED]


def test_global_generators_go_on_from_request_to_request_unless_seeded(sandbox: Sandbox) -> None:
    code = "import random\ndef kl_divergence(mu, sigma):\n    return random.random()"
    first, second, third = answers(sandbox, code, [THREE[0], THREE[0], Call((ONES, ONES), seed=0)])
    assert first == third != second
    assert answers(sandbox, code, [THREE[0]]) == [first]


def test_what_became_of_the_arguments_is_told_when_asked_for(sandbox: Sandbox) -> None:
    student = sandbox.student(submission("def kl_divergence(mu, sigma):\n    mu += 1\n    return 0.0"))
    told, untold = student.each("kl_divergence", [Call((ONES, ONES), afterwards=True), Call((ONES, ONES))])
    student.close()
    assert np.array_equal(told.arguments[0], ONES + 1)
    assert told.arguments[1] is None
    assert untold == Observation((0.0,), (), frozenset())


# ------------------------------------------------------------------------------------------------------------ the two zygotes


def test_an_exercise_that_does_not_mention_torch_runs_without_it(sandbox: Sandbox) -> None:
    assert ask(sandbox, submission("import sys\ndef kl_divergence(mu, sigma):\n    return float('tor' 'ch' in sys.modules)")) == 0.0
    assert ask(sandbox, submission("import sys\n# torch\ndef kl_divergence(mu, sigma):\n    return float('torch' in sys.modules)")) == 1.0


@pytest.mark.parametrize("where", ["", "def kl_divergence(mu, sigma):\n    "])
def test_torch_that_is_imported_without_being_mentioned_is_there_all_the_same(sandbox: Sandbox, where: str) -> None:
    code = where + UNMENTIONED + ("" if where else "def kl_divergence(mu, sigma):\n") + "    return torch.ones(2).sum()"
    assert ask(sandbox, submission(code)) == 2.0


def test_tensors_reach_a_function_that_does_not_mention_torch(sandbox: Sandbox) -> None:
    work = submission("def rsample(mu, log_var, generator=None):\n    return mu + log_var", exercise="sampler")
    value = ask(sandbox, work, "rsample", Tensor(ONES), Tensor(ONES), TorchGenerator(1))
    assert isinstance(value, TensorValue)
    assert np.array_equal(value.value, 2 * ONES)


def test_who_leaves_as_if_torch_were_needed_has_crashed(sandbox: Sandbox) -> None:
    assert outcome_of(sandbox, submission(f"import os\ndef kl_divergence(mu, sigma):\n    os._exit({NEEDS_TORCH})")) is Outcome.CRASHED


def test_autograd_is_closed_in_a_manual_exercise_that_does_not_mention_torch(sandbox: Sandbox) -> None:
    code = f"""
        def encoder_backward(x, w_mu, w_log_var, epsilon, grad_z, beta=1.0):
            {UNMENTIONED.strip()}
            torch.ones(1, requires_grad=True).sum().backward()
        """
    assert outcome_of(sandbox, submission(code, exercise="encoder"), "encoder_backward", *[ONES] * 5) is Outcome.FORBIDDEN


def test_a_light_worker_draws_from_the_same_generators(sandbox: Sandbox) -> None:
    code = "def sample(mu, sigma, rng):\n    return rng.standard_normal(mu.shape)"
    light, heavy = (ask(sandbox, submission(text, exercise="sampler"), "sample", ONES, ONES, Rng(5)) for text in (code, "# torch\n" + code))
    assert np.array_equal(light, heavy)
