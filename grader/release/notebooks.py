"""Makes one notebook an exercise: text from the handout, a cell for every function, the public checks below it.

There are two editions. A course in nbgrader gets the teacher's, whose cells carry nbgrader's metadata, with the solutions between
`### BEGIN SOLUTION` and `### END SOLUTION`; `nbgrader generate_assignment` turns it into the students'. The student kit gets one that is made from
the stubs, so that no solution was ever in it. No hidden check is in either. Since a notebook's code also runs where it is graded, everything that
checks or draws waits for `__name__ == "__main__"`, which holds in a notebook alone.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UnitError
from grader.release.generation import walk_through_constants
from grader.release.handout import TEMPLATES, anchor, render_handout, short
from grader.release.stubs import BEGIN, END, TASK, make_stub
from grader.unit import Exercise, Function, Unit, data_directory

# Code of cells that is no module of this package: what runs the public checks, and the pictures.
CELLS = TEMPLATES / "notebook"
SCHEMA_VERSION = 3
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# In the kit's notebooks: what has to run first need not be read first.
FOLDED = {"jupyter": {"source_hidden": True}}
Cell = dict[str, Any]
_SECTION = re.compile(r"^## +(.+?) *\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# Links inside the handout lead nowhere in a notebook.
_LINK = re.compile(r"\[([^\]]+)\]\(#[\w-]+\)")
_QUOTED = re.compile(r'"([^"]+)"')
# Of the imports that public checks make, those that mean something outside of pytest's folder.
_NOT_IN_A_NOTEBOOK = ("pytest", "walk_through")
_ONLY_IN_A_NOTEBOOK = 'if __name__ == "__main__":'


@dataclass(frozen=True, slots=True)
class _Edition:
    """What sets one kind of notebook apart.

    `code` is the text whose functions fill the cells, made from a solution and its file's name. `pictures` is where the handout's pictures lie, seen
    from the notebook. `verdict` is what happens, in Python, when `failed` checks do not pass: nbgrader wants an exception, which in a notebook of the
    kit would only keep the cells below from running.
    """

    code: Callable[[str, str], str]
    pictures: str
    advice: str
    verdict: str
    metadata: bool


def make_notebook(exercise: Exercise, unit: Unit, hidden_tests: Mapping[str, str] | None = None) -> str:
    """The teacher's notebook of an exercise, as the text of an `.ipynb` file; the same text whenever the sources are the same.

    Args:
        exercise: the exercise.
        unit: the catalogue it belongs to.
        hidden_tests: for a course graded by nbgrader alone: the code that decides about a function, by its name.

    Raises:
        UnitError: the solution, the public checks or the handout do not fit together.
    """
    return _make(exercise, unit, _NBGRADER, hidden_tests or {})


def make_kit_notebook(exercise: Exercise, unit: Unit) -> str:
    """The notebook of an exercise for the student kit, where it lies in a folder beside that of the pictures. Otherwise like `make_notebook`."""
    return _make(exercise, unit, _KIT, {})


def _make(exercise: Exercise, unit: Unit, edition: _Edition, hidden_tests: Mapping[str, str]) -> str:
    path = data_directory("solutions") / f"{exercise.name}.py"
    code = edition.code(_read(path), str(path))
    checks = _PublicChecks(exercise)
    sections = _sections(exercise, code, render_handout(unit), edition, with_numbers="walk." in checks.text)
    definitions = {node.name: _segment(code, node) for node in ast.parse(code).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    functions = {function.name: function for function in exercise.functions}
    cells = [_markdown(f"{exercise.name}-introduction", _introduction(exercise, code, edition)), _setup(exercise, code, checks, unit, edition)]
    for name, definition in definitions.items():
        function = functions.get(name)
        while function and function.handout in sections:
            title = next(iter(sections))
            cells.append(_markdown(f"{exercise.name}-{title}", sections.pop(title)))
        cells.append(_code(name, _with_visible_tasks(definition), solution=True))
        if function:
            hidden = hidden_tests.get(name)
            cells.append(
                _code(f"{name}-checks", _checks_cell(function, checks, hidden), points=_points(exercise, function, plain=hidden is not None))
            )
    cells += [_markdown(f"{exercise.name}-{title}", text) for title, text in sections.items()]
    if checks.of_several:
        cells.append(_code(f"{exercise.name}-more-checks", "# Public checks of several functions at once.\n" + _run(checks.of_several)))
    picture = CELLS / f"picture_{exercise.name}.txt"
    if picture.is_file():
        cells.append(_code(f"{exercise.name}-picture", _picture(_read(picture))))
    if not edition.metadata:
        cells = [cell | {"metadata": FOLDED if cell["id"] == f"{exercise.name}-setup" else {}} for cell in cells]
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


class _PublicChecks:
    """The public checks of an exercise, sorted by the function they are about."""

    def __init__(self, exercise: Exercise) -> None:
        self.text = _read(data_directory("exercises") / "checks" / f"test_{exercise.name}.py")
        self.imports: list[str] = []
        self.helpers: list[str] = []
        self.of_function: dict[str, dict[str, str]] = {function.name: {} for function in exercise.functions}
        self.of_several: dict[str, str] = {}
        for node in ast.parse(self.text).body[1:]:
            code = _segment(self.text, node).replace("@pytest.mark.parametrize", "@parametrize")
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imports += [] if code.split()[1] in _NOT_IN_A_NOTEBOOK else [code]
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                subjects = _subjects(node) & self.of_function.keys()
                home = self.of_function[subjects.pop()] if len(subjects) == 1 else self.of_several
                home[node.name] = code
            else:
                self.helpers.append(code)


def _subjects(check: ast.FunctionDef) -> set[str]:
    """The functions a check calls: `exercise.kl_gradient` in its code."""
    return {
        node.attr for node in ast.walk(check) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "exercise"
    }


def _sections(exercise: Exercise, code: str, handout: str, edition: _Edition, *, with_numbers: bool) -> dict[str, str]:
    """The sections of the handout that the code's docstring names, by their anchors and in its order; at the end, if wanted, the walk-through."""
    docstring = ast.get_docstring(ast.parse(code)) or ""
    handout = handout.replace("](figures/", f"]({edition.pictures}")
    wanted = {anchor(title) for title in _QUOTED.findall(docstring.partition("Handout:")[2])}
    found = {anchor(title): _LINK.sub(r"\1", f"## {title}\n{text}".strip()) for title, text in _SECTION.findall(handout)}
    last = ["the-walk-through"] if with_numbers else []
    for title in [*wanted, *last]:
        if title not in found:
            raise UnitError(f"{TEMPLATES / 'handout.md'}: no section has the anchor {title!r}, which the notebook of {exercise.name!r} needs")
    return {title: found[title] for title in [*(title for title in found if title in wanted), *last]}


def _introduction(exercise: Exercise, code: str, edition: _Edition) -> str:
    docstring = ast.get_docstring(ast.parse(code)) or ""
    worth = f"{short(exercise.points)} points{', a bonus on top of the others' if exercise.bonus else ''}"
    text = docstring.partition("Handout:")[0].strip()
    return f"# {exercise.title}\n\n{text}\n\nThis notebook is worth {worth}. {edition.advice.format(name=exercise.name)}"


def _setup(exercise: Exercise, code: str, checks: _PublicChecks, unit: Unit, edition: _Edition) -> Cell:
    nodes = [node for node in ast.parse(code).body if isinstance(node, ast.Import | ast.ImportFrom)]
    imports = {_segment(code, node): None for node in nodes} | dict.fromkeys([*checks.imports, "import types", "import numpy as np"])
    walk = "\n".join(f"    {name}={value!r}," for name, value in walk_through_constants(unit).items())
    parts = [
        "# Imports, and what the public checks below need. Run this cell first.\n" + "\n".join(sorted(imports, key=lambda line: line.split()[1])),
        f"# The numbers of the handout's walk-through.\nwalk = types.SimpleNamespace(\n{walk}\n)",
        f"{_read(CELLS / 'setup.txt').strip()}\n        {edition.verdict}",
        *checks.helpers,
    ]
    return _code(f"{exercise.name}-setup", "\n\n".join(parts))


def _checks_cell(function: Function, checks: _PublicChecks, hidden: str | None) -> str:
    worth = sum(check.points for check in function.checks)
    head = (
        f"# Graded: {function.name}, {short(worth)} points. These are the public checks, to be run as often as you like;\n"
        "# the graders ask the same questions with other numbers, and some more."
    )
    parts = [head, _run(checks.of_function[function.name])]
    if hidden is not None:
        parts.append(f"### BEGIN HIDDEN TESTS\n{hidden.strip()}\n### END HIDDEN TESTS")
    return "\n\n".join(parts)


def _run(checks: Mapping[str, str]) -> str:
    if not checks:
        return "# Its public checks stand at the end of this notebook."
    names = "".join(f"\n        {name}," for name in checks)
    return "\n\n\n".join([*checks.values(), f"{_ONLY_IN_A_NOTEBOOK}\n    self_check({names}\n    )"])


def _picture(code: str) -> str:
    docstring = ast.get_docstring(ast.parse(code)) or ""
    lines = _segment(code, ast.parse(code).body[1], to_the_end=True).splitlines()
    drawing = "\n".join(f"        {line}" if line else "" for line in lines)
    excuse = '    except (NotImplementedError, ImportError) as reason:\n        print(f"No picture yet: {reason}")'
    return f"# {docstring}\n{_ONLY_IN_A_NOTEBOOK}\n    try:\n{drawing}\n{excuse}"


def _points(exercise: Exercise, function: Function, *, plain: bool) -> float:
    """What nbgrader shall count; a bonus comes on top, so it adds nothing to what can be had (nbgrader alone could then not give it at all)."""
    return 0.0 if exercise.bonus and not plain else sum(check.points for check in function.checks)


def _with_visible_tasks(code: str) -> str:
    """Markers in nbgrader's spelling, with the lines that students are to see in front of them; a stub has no markers and stays as it is."""

    def visible(lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            if line.strip() != BEGIN:
                yield line
                continue
            region = []
            for inner in lines:
                if inner.strip() == END:
                    break
                region.append(inner)
            indent = line.removesuffix(BEGIN)
            yield from (inner for inner in region if inner.lstrip().startswith(TASK))
            yield f"{indent}### BEGIN SOLUTION"
            yield from (inner for inner in region if not inner.lstrip().startswith(TASK))
            yield f"{indent}### END SOLUTION"

    return "\n".join(visible(iter(code.splitlines())))


def _solution(solution: str, file: str) -> str:
    make_stub(solution, file)  # its complaints hold for a notebook as well
    return solution


def _segment(text: str, node: ast.stmt, *, to_the_end: bool = False) -> str:
    """The lines of a statement, its decorators and the comments right above it included."""
    lines = text.splitlines()
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : None if to_the_end else node.end_lineno]).rstrip()


def _markdown(name: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": _metadata(name, locked=True), "source": text.splitlines(keepends=True)}


def _code(name: str, text: str, *, solution: bool = False, points: float | None = None) -> Cell:
    metadata = _metadata(name, locked=not solution, solution=solution, points=points)
    source = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": metadata, "outputs": [], "source": source}


def _metadata(name: str, *, locked: bool, solution: bool = False, points: float | None = None) -> Cell:
    fields = {"schema_version": SCHEMA_VERSION, "grade_id": name, "grade": points is not None, "locked": locked, "solution": solution, "task": False}
    return {"nbgrader": fields if points is None else fields | {"points": points}}


_NBGRADER = _Edition(
    code=_solution,
    pictures="figures/",
    advice="Write each function in the cell that is there for it; the cell below it runs the public checks. What counts is what your functions do "
    "when called with other numbers: the locked cells only show what they are worth, and changing them changes nothing. Imports, helper functions "
    "and cells of your own are welcome. Please keep the notebook's name.",
    verdict='raise AssertionError(f"{failed} of the public checks above do not pass yet") from None',
    metadata=True,
)
_KIT = _Edition(
    code=make_stub,
    pictures="../figures/",
    advice="Run the cell below first, folded or not: it imports what you need, and prepares the checks. Write each function in the cell that is "
    "there for it, in place of the line `raise NotImplementedError(...)`. Then run that cell and the one below it, which holds the public checks. "
    "What counts is what your functions do when called with other numbers. Imports, helper functions and cells of your own are welcome. Work in this "
    "notebook or in `{name}.py`, whichever you like, and hand in that one alone: where both are handed in, the `.py` counts. Please keep the "
    "notebook's name.",
    verdict='print(f"{failed} of the public checks above do not pass yet.")',
    metadata=False,
)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnitError(f"{path}: cannot be read, and the notebooks are made from it: {error}") from error
