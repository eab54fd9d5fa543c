"""Every way a request can end, through a real zygote: the outcome, the message, and that nothing else suffers."""

from __future__ import annotations

import time

import numpy as np
import pytest
from student_code import ONES, ask, fault_of, outcome_of, submission

from grader.model import Outcome, Submission
from grader.observation import Call, Pull, Refused, Rng, Tensor, TensorValue, TorchGenerator
from grader.sandbox.client import Sandbox

# ------------------------------------------------------------------------------------------------------------ values


def test_values_arguments_and_touched_states_are_observed(sandbox: Sandbox) -> None:
    work = submission(
        """
        import random, numpy as np, torch
        def kl_divergence(mu, sigma):
            mu += 1
            random.random(), np.random.rand(), torch.rand(1)
            return mu, [sigma[0, 0], 2], None, "text"
        """
    )
    student = sandbox.student(work)
    (seen,) = student.each("kl_divergence", [Call((ONES, ONES), afterwards=True)])
    assert np.array_equal(seen.value[0], ONES + 1)
    assert seen.value[1][1] == 2
    assert seen.value[2] is None
    assert isinstance(seen.value[3], Refused)
    assert np.array_equal(seen.arguments[0], ONES + 1)
    assert seen.touched == {"python", "numpy", "torch"}
    assert np.array_equal(ONES, np.ones((3, 2))), "the grader's own array is not the student's"
    student.close()


def test_one_generator_goes_on_from_draw_to_draw_and_a_request_can_be_repeated(sandbox: Sandbox) -> None:
    work = submission("def sample(mu, sigma, rng):\n    return mu + sigma * rng.standard_normal(mu.shape)\n", exercise="sampler")
    student = sandbox.student(work)
    first = student.call("sample", ONES, ONES, Rng(1), repeat=2)
    assert len(first.values) == 2
    assert not np.array_equal(*first.values)
    assert np.array_equal(first.values, student.call("sample", ONES, ONES, Rng(1), repeat=2).values)
    student.close()


def test_gradients_of_a_torch_function_come_back_as_data(sandbox: Sandbox) -> None:
    work = submission(
        """
        import torch
        def rsample(mu, log_var, generator=None):
            return mu + torch.exp(log_var / 2) * torch.randn(mu.shape, generator=generator)
        """,
        exercise="sampler",
    )
    student = sandbox.student(work)
    arguments = (Tensor(ONES.astype(np.float32), requires_grad=True), Tensor(ONES.astype(np.float32), requires_grad=True), TorchGenerator(3))
    (seen,) = student.each("rsample", [Pull(arguments, (np.ones((3, 2)), 2 * np.ones((3, 2))))])
    assert isinstance(seen.value, TensorValue)
    assert seen.value.dtype == "float32"
    assert np.array_equal(seen.gradients[1][0], 2 * seen.gradients[0][0])
    student.close()


# ----------------------------------------------------------------------------------------------- outcomes and their messages


def test_a_file_that_is_not_there_is_missing(sandbox: Sandbox) -> None:
    fault = fault_of(lambda: ask(sandbox, Submission("s", "s", {}, "")))
    assert fault.outcome is Outcome.MISSING
    assert "kl.py" in fault.message


def test_a_file_that_was_refused_is_missing_with_the_reason(sandbox: Sandbox) -> None:
    fault = fault_of(lambda: ask(sandbox, Submission("s", "s", {}, "", unavailable={"kl": "it is a folder."})))
    assert fault.outcome is Outcome.MISSING
    assert "it is a folder." in fault.message


@pytest.mark.parametrize(
    "code", ["x = 1", "kl_divergence = None", "def kl_divergense(mu, sigma): return 1", "if False:\n    def kl_divergence(): pass"]
)
def test_a_function_that_is_not_there_is_missing(sandbox: Sandbox, code: str) -> None:
    fault = fault_of(lambda: ask(sandbox, submission(code)))
    assert fault.outcome is Outcome.MISSING
    assert "`kl_divergence`" in fault.message


def test_a_stub_is_not_implemented(sandbox: Sandbox) -> None:
    fault = fault_of(lambda: ask(sandbox, submission("def kl_divergence(mu, sigma):\n    raise NotImplementedError('write the closed form')")))
    assert fault.outcome is Outcome.NOT_IMPLEMENTED
    assert "write the closed form" in fault.message


def test_an_exception_is_an_error_with_the_students_own_lines_only(sandbox: Sandbox) -> None:
    fault = fault_of(lambda: ask(sandbox, submission("import json\ndef kl_divergence(mu, sigma):\n    return json.loads('{')\n")))
    assert fault.outcome is Outcome.ERROR
    assert fault.message.count(", line ") == 1
    assert "kl.py, line 3, in kl_divergence:  return json.loads('{')" in fault.message
    assert "/" not in fault.message.replace("kl.py", "")


@pytest.mark.parametrize(
    "code", ["return mu @ sigma", "return nothing", "return kl_divergence(mu, sigma)", "raise SystemExit(0)", "raise KeyboardInterrupt", "exit()"]
)
def test_whatever_is_raised_is_an_error(sandbox: Sandbox, code: str) -> None:
    assert outcome_of(sandbox, submission(f"def kl_divergence(mu, sigma):\n    {code}\n")) is Outcome.ERROR


def test_something_that_cannot_be_called_is_an_error(sandbox: Sandbox) -> None:
    assert outcome_of(sandbox, submission("kl_divergence = 3")) is Outcome.ERROR


def test_hidden_inputs_are_left_out_of_what_an_exception_says(sandbox: Sandbox) -> None:
    hidden = np.array([0.123456, -98.7654321, 3e-12])
    leaks = ("repr(mu)", "str(mu.tolist())", "mu.tobytes().hex()", "repr(mu.tobytes())", "str([int(x * 10**9) for x in mu])", "mu[0].hex()")
    encoded = {"123456", "7654321", hidden.tobytes().hex(), hidden.tobytes().hex()[:16], "98765432100", "987654321", hidden[0].hex()}
    for leak in leaks:
        fault = fault_of(
            lambda leak=leak: ask(sandbox, submission(f"def kl_divergence(mu, sigma):\n    raise ValueError({leak})"), "kl_divergence", hidden, ONES)
        )
        assert not [digits for digits in encoded if digits in fault.message], fault.message


def test_hidden_inputs_do_not_travel_as_names_either(sandbox: Sandbox) -> None:
    code = """
    import linecache
    def kl_divergence(mu, sigma):
        linecache.cache["kl.py"] = (1, None, [f"secret {mu[0, 0]}\\n"] * 50, "kl.py")
        code = compile("raise type(f'E{mu[0, 0]!r}', (Exception,), {})", "kl.py", "exec").replace(co_name=f"secret{mu[0, 0]}")
        exec(code, {"mu": mu})
    """
    fault = fault_of(lambda: ask(sandbox, submission(code), "kl_divergence", np.full((1, 1), 0.123456), ONES))
    assert "123456" not in fault.message
    assert "secret" not in fault.message


def test_an_exception_may_not_point_at_other_files(sandbox: Sandbox) -> None:
    code = "import os\ndef kl_divergence(mu, sigma):\n    raise SyntaxError('x', (os.__file__, 3, 1, 'text'))"
    assert "os.py" not in fault_of(lambda: ask(sandbox, submission(code))).message


@pytest.mark.parametrize(
    "code",
    [
        "raise type('E' * 10**6, (Exception,), {})('x' * 10**7)",
        "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})",
        "raise type('E', (Exception,), {'__str__': lambda self: 5})",
        "raise type('E', (Exception,), {'__str__': lambda self: 'x' * 10**7})",
        "raise Exception('\\x1b[31mred\\x07\\r\\n' * 100 + '\\ud800\\x00\\u202e<script>')",
        "e = Exception('end')\n    for i in range(10**5):\n        n = Exception(i)\n        n.__cause__ = e\n        e = n\n    raise e",
        "raise ExceptionGroup('group', [ValueError(i) for i in range(10**4)])",
        "raise SyntaxError('x', ('kl.py', 10**30, 1, 'text'))",
        "raise UnicodeDecodeError('utf-8', b'x' * 10**6, 0, 1, 'why')",
    ],
)
def test_a_hostile_exception_is_cut_and_cleaned(sandbox: Sandbox, code: str) -> None:
    fault = fault_of(lambda: ask(sandbox, submission(f"def kl_divergence(mu, sigma):\n    {code}\n")))
    assert fault.outcome in (Outcome.ERROR, Outcome.CRASHED)
    assert len(fault.message) < 2_000
    assert fault.message.replace("\n", "").isprintable()


def test_an_exception_whose_text_never_ends_is_a_timeout(sandbox: Sandbox) -> None:
    code = "class E(Exception):\n    def __str__(self):\n        while True: pass\ndef kl_divergence(mu, sigma):\n    raise E"
    assert outcome_of(sandbox, submission(code)) is Outcome.TIMEOUT


def test_a_function_that_hangs_is_stopped_and_not_called_again_and_the_others_go_on(sandbox: Sandbox) -> None:
    work = submission("def kl_divergence(mu, sigma):\n    while True: pass\ndef kl_gradient(mu, sigma):\n    return 7.0\n")
    student = sandbox.student(work)
    first = fault_of(lambda: student.call("kl_divergence", ONES, ONES))
    assert first.outcome is Outcome.TIMEOUT
    assert "within 1 s" in first.message
    started = time.monotonic()
    again = fault_of(lambda: student.call("kl_divergence", ONES, ONES))
    assert again.outcome is Outcome.TIMEOUT
    assert "not called again" in again.message
    assert time.monotonic() - started < 0.5
    assert student.call("kl_gradient", ONES, ONES).value == 7.0
    student.close()


@pytest.mark.parametrize("code", ["import time\ntime.sleep(60)", "while True: pass", "import threading\nthreading.Event().wait()"])
def test_a_file_that_does_not_finish_loading_costs_one_deadline(sandbox: Sandbox, code: str) -> None:
    student = sandbox.student(submission(code))
    assert fault_of(lambda: student.call("kl_divergence", ONES, ONES)).outcome is Outcome.TIMEOUT
    started = time.monotonic()
    fault = fault_of(lambda: student.call("kl_gradient", ONES, ONES))
    assert fault.outcome is Outcome.TIMEOUT
    assert "did not finish loading" in fault.message
    assert time.monotonic() - started < 0.5
    student.close()


def test_a_file_that_kills_its_process_while_loading_is_not_loaded_again(sandbox: Sandbox) -> None:
    student = sandbox.student(submission("import os\nos._exit(0)"))
    for function in ("kl_divergence", "kl_gradient"):
        fault = fault_of(lambda function=function: student.call(function, ONES, ONES))
        assert fault.outcome is Outcome.CRASHED
        assert "exit code 0" in fault.message
    student.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os._exit(0)", "exit code 0"),
        ("import os; os._exit(7)", "exit code 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import signal; signal.alarm(5); signal.pause()", "within 1 s"),
        ("import signal; signal.setitimer(signal.ITIMER_REAL, 0.01); signal.pause()", "SIGALRM"),
        ("import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)", "SIGSYS"),
        ("import os; os.closerange(3, 100); exec('while True: pass')", "closed its connection"),
        ("import os; os.closerange(3, 100)", "exit code 0"),
    ],
)
def test_a_death_is_a_crash_that_says_how_and_the_next_call_gets_a_fresh_process(sandbox: Sandbox, code: str, words: str) -> None:
    student = sandbox.student(submission(f"def kl_divergence(mu, sigma):\n    {code}\ndef kl_gradient(mu, sigma):\n    return 7.0\n"))
    fault = fault_of(lambda: student.call("kl_divergence", ONES, ONES))
    assert fault.outcome in (Outcome.CRASHED, Outcome.TIMEOUT)
    assert words in fault.message
    assert student.call("kl_gradient", ONES, ONES).value == 7.0
    student.close()


@pytest.mark.parametrize(
    "code",
    [
        "return np.ones(10**9)",
        "x = []\n    while True: x.append(bytes(10**7))",
        "return torch.ones(10**9)",
        "return bytearray(10**9)",
        "import mmap\n    x = [mmap.mmap(-1, 10**8, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) for _ in range(100)]",
    ],
)
def test_too_much_memory_is_a_crash_that_says_so(sandbox: Sandbox, code: str) -> None:
    fault = fault_of(lambda: ask(sandbox, submission(f"import numpy as np, torch\ndef kl_divergence(mu, sigma):\n    {code}\n")))
    assert fault.outcome in (Outcome.CRASHED, Outcome.ERROR)
    assert "memory" in fault.message.lower()


def test_a_giant_that_fits_the_limit_but_not_the_wire_is_refused(sandbox: Sandbox) -> None:
    assert isinstance(ask(sandbox, submission("import numpy as np\ndef kl_divergence(mu, sigma):\n    return np.zeros(2 * 10**6)\n")), Refused)
    work = submission("import numpy as np\ndef kl_divergence(mu, sigma):\n    return [np.zeros(6 * 10**5), np.zeros(6 * 10**5)]\n")
    assert outcome_of(sandbox, work) in (Outcome.ERROR, Outcome.CRASHED, Outcome.TIMEOUT)
