"""The stub generator: what travels into a stub, what does not, and which mistakes of an author it names."""

import ast

import pytest

from grader.errors import UnitError
from grader.release.stubs import make_stub
from grader.unit import current, data_directory

SOLUTION = '''"""Lesson."""

import numpy as np


def double(x):
    """Return 2x."""
    # BEGIN SOLUTION
    # TASK: Double it.
    # The secret is to add.
    return x + x
    # END SOLUTION


class Pair:
    """Two."""

    def first(self):
        """Return the first."""
        # BEGIN SOLUTION
        # TASK: Step one.
        # TASK: Step two.
        def helper():
            return 1

        return helper()
        # END SOLUTION
'''


def test_a_region_becomes_its_tasks_and_a_not_implemented_error():
    assert (
        make_stub(SOLUTION, "lesson.py")
        == '''"""Lesson."""

import numpy as np


def double(x):
    """Return 2x."""
    # TASK: Double it.
    raise NotImplementedError("double is not written yet: replace this line with your code")


class Pair:
    """Two."""

    def first(self):
        """Return the first."""
        # TASK: Step one.
        # TASK: Step two.
        raise NotImplementedError("Pair.first is not written yet: replace this line with your code")
'''
    )


MISTAKES = {
    "a solution without regions": ('def f():\n    """Do."""\n    return 1\n', "f.py:1: no '# BEGIN SOLUTION'"),
    "a region that never ends": ("def f():\n    # BEGIN SOLUTION\n    # TASK: do\n    return 1\n", "f.py:2: '# BEGIN SOLUTION' is never ended"),
    "an end without a beginning": ("def f():\n    return 1\n    # END SOLUTION\n", "f.py:3: '# END SOLUTION' without"),
    "a region inside a region": (
        "def f():\n    # BEGIN SOLUTION\n    # TASK: do\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n",
        "f.py:4: '# BEGIN SOLUTION' inside the region that began in line 2",
    ),
    "a misspelled marker": ("def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n", "f.py:2: a marker stands alone"),
    "a marker beside code": ("def f():\n    return 1  # BEGIN SOLUTION\n    # END SOLUTION\n", "f.py:2: a marker stands alone"),
    "a region outside a function": (
        "# BEGIN SOLUTION\n# TASK: do\nX = 1\n# END SOLUTION\n\n\ndef f():\n    # BEGIN SOLUTION\n    # TASK: do\n    return 1\n    # END SOLUTION\n",
        "f.py:1: '# BEGIN SOLUTION' outside a function",
    ),
    "a region after a function": (
        "def f():\n    return 1\n\n\n# BEGIN SOLUTION\n# TASK: do\n# END SOLUTION\n",
        "f.py:5: '# BEGIN SOLUTION' outside a function",
    ),
    "a region without a task": ("def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n", "f.py:2: the region tells students nothing"),
    "a function without a region": (
        "def f():\n    # BEGIN SOLUTION\n    # TASK: do\n    return 1\n    # END SOLUTION\n\n\ndef g():\n    return 2\n",
        "f.py:8: g has no '# BEGIN SOLUTION'",
    ),
    "two regions in a function": (
        "def f():\n    # BEGIN SOLUTION\n    # TASK: a\n    x = 1\n    # END SOLUTION\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n",
        "f.py:6: a second region in f",
    ),
    "code before a region": (
        'def f():\n    """Do."""\n    x = 1\n    # BEGIN SOLUTION\n    # TASK: do\n    return x\n    # END SOLUTION\n',
        "f.py:3: code of f outside its region",
    ),
    "code after a region": (
        "def f():\n    # BEGIN SOLUTION\n    # TASK: do\n    x = 1\n    # END SOLUTION\n    return x\n",
        "f.py:6: code of f outside its region",
    ),
    "a solution that is not Python": ("def f(:\n    # BEGIN SOLUTION\n    # TASK: do\n    # END SOLUTION\n", "f.py:1: not Python"),
}


@pytest.mark.parametrize(("solution", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_solution_is_named_with_file_and_line(solution, message):
    with pytest.raises(UnitError) as caught:
        make_stub(solution, "f.py")
    assert message in str(caught.value)


@pytest.mark.parametrize("exercise", [exercise.name for exercise in current().exercises])
def test_a_stub_keeps_every_signature_and_docstring_of_its_solution(exercise):
    solution = (data_directory("solutions") / f"{exercise}.py").read_text(encoding="utf-8")
    assert _outside(make_stub(solution, exercise)) == _outside(solution)


def _outside(text: str) -> list[tuple[str, str, str | None]]:
    definitions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    return [(node.name, ast.unparse(node.args), ast.get_docstring(node)) for node in definitions]
