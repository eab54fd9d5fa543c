"""How a submission's files are loaded: from memory, under their own names, never in place of what is installed."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from student_code import ask, fault_of, outcome_of, submission

from grader.model import Outcome
from grader.sandbox import modules
from grader.sandbox.client import Sandbox
from grader.unit import current

SEVEN = "def kl_divergence(mu, sigma):\n    return 7.0\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(current()) as sandbox:
        yield sandbox


@given(st.one_of(st.binary(), st.lists(st.text(st.characters(codec="utf-8"))).map(tuple)))
def test_code_is_unpacked_as_it_was_packed(code: Any) -> None:
    assert modules.unpack(modules.pack(code)) == code


WORKING: dict[str, Any] = {
    "a helper": submission("from helpers import f\ndef kl_divergence(mu, sigma): return f()", helpers="def f(): return 7.0"),
    "a package": submission(
        "from tools.numbers import seven\ndef kl_divergence(mu, sigma): return seven()",
        tools="",
        tools__numbers="def seven(): return 7.0",
        packages=("tools",),
    ),
    "a package without __init__": submission(
        "import tools.numbers\ndef kl_divergence(mu, sigma): return tools.numbers.seven()",
        tools__numbers="def seven(): return 7.0",
        packages=("tools",),
    ),
    "a relative import": submission(
        "from tools import seven\ndef kl_divergence(mu, sigma): return seven",
        tools="from .numbers import seven",
        tools__numbers="from . import more\nseven = more.three + 4.0",
        tools__more="three = 3.0",
        packages=("tools",),
    ),
    "a circular import": submission(
        "import helpers\ndef four(): return 4.0\ndef kl_divergence(mu, sigma): return helpers.f()",
        helpers="import kl\ndef f(): return 3.0 + kl.four()",
    ),
    "another exercise": submission("import sampler\ndef kl_divergence(mu, sigma): return sampler.x", sampler="x = 7.0"),
    "a lazy import of the standard library": submission("def kl_divergence(mu, sigma):\n    import statistics\n    return statistics.mean([7.0])"),
    "a coding cookie": submission("# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1") + SEVEN.encode()),
    "a byte order mark": submission(codecs.BOM_UTF8 + SEVEN.encode()),
    "carriage returns": submission(SEVEN.replace("\n", "\r\n").encode()),
    "a dataclass": submission(
        """
        from __future__ import annotations
        from dataclasses import dataclass
        @dataclass
        class Number:
            value: float
        def kl_divergence(mu, sigma):
            return Number(7.0).value
        """
    ),
    "its own source": submission(
        "import inspect\ndef kl_divergence(mu, sigma):\n    return 7.0 if 'return 7.0' in inspect.getsource(kl_divergence) else 0.0"
    ),
    "printing and reading": submission("import sys\nprint('x' * 10**6)\nassert sys.stdin.read() == ''\n" + SEVEN),
    "a plot at the top level": submission("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1])\nplt.show()\n" + SEVEN),
    "a main guard": submission(SEVEN + "if __name__ == '__main__':\n    raise SystemExit(1)"),
}


@pytest.mark.parametrize("name", WORKING)
def test_what_python_would_load_is_loaded(sandbox: Sandbox, name: str) -> None:
    assert ask(sandbox, WORKING[name]) == 7.0


NOTEBOOKS: dict[str, tuple[str, ...]] = {
    "cells in order": ("x = 3.0", "y = x + 4.0", "def kl_divergence(mu, sigma): return y"),
    "a cell that raises": ("1 / 0", SEVEN),
    "a cell that does not compile": ("def broken(:", SEVEN),
    "a cell that exits": ("import sys\nsys.exit(0)", "raise KeyboardInterrupt", SEVEN, "quit()"),
    "line magics and shell escapes": (
        "%matplotlib inline\n!pip install numpy\n" + SEVEN + "?kl_divergence\nkl_divergence?\nfiles = !ls\nt = %time 1",
    ),
    "a modulo at the start of a line beside a magic": ("%matplotlib inline\nx = (15\n% 8)\ndef kl_divergence(mu, sigma): return float(x)",),
    "a text that looks like magic": ('!ls\ntext = """\n%time\n!"""\ndef kl_divergence(mu, sigma): return 7.0 * (text == "\\n%time\\n!")',),
    "a magic that opens a bracket": ("%run first(\n!echo it's\n" + SEVEN,),
    "a cell magic around Python": ("%%time\n" + SEVEN,),
    "cells in other languages": ("%%bash\nrm -rf /", "%%html\n<script>", "%%javascript\nalert(1)", "%%\n", SEVEN),
    "a modulo at the start of a line": ("x = (15\n% 8)\ndef kl_divergence(mu, sigma): return float(x)",),
    "empty cells": ("", " \n", SEVEN, ""),
    "a display": ("display(1)\n" + SEVEN,),
    "a later definition wins": ("def kl_divergence(mu, sigma): return 0.0", SEVEN),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_cell_by_cell(sandbox: Sandbox, name: str) -> None:
    assert ask(sandbox, submission(NOTEBOOKS[name])) == 7.0


def test_a_notebook_of_a_hundred_thousand_cells_is_loaded(sandbox: Sandbox) -> None:
    assert ask(sandbox, submission((*[""] * 100_000, SEVEN))) == 7.0


def test_a_function_whose_cell_failed_is_missing_and_the_failure_is_named(sandbox: Sandbox) -> None:
    fault = fault_of(lambda: ask(sandbox, submission(("x = 1", "1 / 0\n" + SEVEN))))
    assert fault.outcome is Outcome.MISSING
    assert "cell 2" in fault.message
    assert "ZeroDivisionError" in fault.message


@pytest.mark.parametrize("name", ["numpy", "torch", "random", "typing", "json", "socket", "pytest", "grader", "sitecustomize", "conftest"])
def test_a_file_beside_the_exercise_never_replaces_what_is_installed(sandbox: Sandbox, name: str) -> None:
    work = submission(
        f"import sys\nimport numpy, torch, random, typing, json, socket\ntry:\n    import {name}\nexcept ImportError:\n    pass\n"
        f"taken = getattr(sys.modules.get({name!r}), 'mine', False)\n"
        "def kl_divergence(mu, sigma):\n    return 1.0 if taken else float(numpy.sum(mu)) + 1.0",
        **{name: "mine = True"},
    )
    value = ask(sandbox, work)
    # A name that nothing installed bears is the student's own module.
    assert value == (1.0 if name in ("sitecustomize", "conftest") else 7.0)


def test_an_exercise_keeps_its_name_against_an_installed_module_of_that_name(sandbox: Sandbox) -> None:
    work = submission("import sys\nsys.modules['sampler'].x\ndef kl_divergence(mu, sigma): return 7.0", sampler="x = 1")
    assert outcome_of(sandbox, work) is Outcome.ERROR  # not imported yet, hence not there
    assert ask(sandbox, submission("import sampler\nassert sampler.__file__ == 'sampler.py'\n" + SEVEN, sampler="x = 1")) == 7.0


BROKEN: dict[str, Any] = {
    "syntax error": "def kl_divergence(mu, sigma)\n    return 1",
    "null bytes": b"x = 1\0\n",
    "not utf-8": b"name = '\xff'\n",
    "unknown encoding": b"# coding: no-such-codec\n",
    "an encoding that is no text": b"# coding: rot13\nqrs x(): cnff\n",
    "wrong encoding": "# coding: utf-16\nx = 1\n",
    "a tab where spaces were": "if True:\n        x = 1\n\ty = 2\n",
    "deep parentheses": "x = " + "(" * 5_000 + ")" * 5_000,
    "leaving": "import sys\nsys.exit(0)",
    "an interrupt": "raise KeyboardInterrupt",
    "a missing import": "import no_such_module",
    "itself missing from a helper": "from helpers import no_such_name",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_loaded_is_an_error_with_its_reason(sandbox: Sandbox, name: str) -> None:
    fault = fault_of(lambda: ask(sandbox, submission(BROKEN[name], helpers="x = 1")))
    assert fault.outcome in (Outcome.ERROR, Outcome.CRASHED)
    assert "kl.py could not be loaded" in fault.message or "Loading kl.py" in fault.message or "while kl.py was loaded" in fault.message


@pytest.mark.parametrize("text", ["-" * 200_000 + "1", "1" + "+1" * 200_000, "x" + ".x" * 100_000, "[" * 90 + "]" * 90, "lambda: " * 5_000 + "1"])
def test_code_that_is_too_much_for_the_compiler_costs_its_own_process_only(sandbox: Sandbox, text: str) -> None:
    student = sandbox.student(submission("x = 1\ny = " + text))
    assert fault_of(lambda: student.call("kl_divergence", 1.0, 1.0)).outcome in (Outcome.ERROR, Outcome.CRASHED, Outcome.MISSING)
    student.close()
    assert ask(sandbox, submission(SEVEN)) == 7.0


def test_an_error_in_a_helper_shows_the_helpers_line(sandbox: Sandbox) -> None:
    fault = fault_of(
        lambda: ask(sandbox, submission("import helpers\ndef kl_divergence(mu, sigma): return helpers.f()", helpers="def f():\n    return 1 / 0"))
    )
    assert "helpers.py, line 2, in f:  return 1 / 0" in fault.message
    assert "kl.py, line 2, in kl_divergence" in fault.message


def test_modules_of_one_submission_are_gone_in_the_next(sandbox: Sandbox) -> None:
    first = submission("import helpers, numpy, sys\nnumpy.leak = helpers\nsys.leak = 1\n" + SEVEN, helpers="")
    assert ask(sandbox, first) == 7.0
    second = submission(
        "import sys, numpy\nassert 'helpers' not in sys.modules and not hasattr(sys, 'leak') and not hasattr(numpy, 'leak')\n" + SEVEN
    )
    assert ask(sandbox, second) == 7.0
