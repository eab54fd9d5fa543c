"""Proves that files for students give nothing away: no line of a solution, no passage of a hidden check.

It reads the solutions with a few lines of its own rather than through `stubs`, so that a mistake there is seen here.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from grader.release.stubs import TASK
from grader.unit import CHECKS_DIRECTORY, Unit, data_directory

_REGION = re.compile(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", re.DOTALL)
# Shorter lines ('else:', 'return z') are common property and prove nothing.
_TELLING_LENGTH = 12
# Public and hidden checks are the same kind of prose and may share a line; they do not share this many in a row.
_PASSAGE_LINES = 3


def leaks(files: Mapping[str, str], unit: Unit) -> list[str]:
    """Return one line for everything in the files that students must not see; an empty list is the proof.

    Args:
        files: the text of each file, by its path inside the kit. Spaces and indentation do not hide a leak, nor does a notebook's JSON.
        unit: the catalogue; the files named like its exercises must be stubs, function by function, and the notebooks must hold the same functions.
    """
    found = []
    secrets, passages = dict(_solution_lines()), _hidden_passages()
    for name, content in files.items():
        text = _written_in(content) if name.endswith(".ipynb") else content
        squeezed, telling = _squeeze(text), _telling_lines(text)
        found += [f"{name}: holds a line of the solution: {source}" for secret, source in secrets.items() if secret in squeezed]
        # A passage has its second line as a whole line, and few second lines are anywhere else: only those passages need to be looked for.
        candidates = chain.from_iterable(passages.get(line, ()) for line in dict.fromkeys(telling))
        joined = "\n".join(telling)
        found += [f"{name}: holds a passage of the hidden check {source}" for passage, source in candidates if passage in joined]
    for exercise in unit.exercises:
        name, notebook = f"{exercise.name}.py", f"notebooks/{exercise.name}.ipynb"
        if name not in files:
            found.append(f"{name}: no stub of that name")
            continue
        code = [f"{name}:{line}: code in a stub" for line in _code_in_stub(files[name])]
        found += code
        if notebook in files and not code:
            found += [f"{notebook}: {problem}" for problem in _beyond_the_stub(files[notebook], files[name])]
    return found


def _written_in(notebook: str) -> str:
    """All that is written in a notebook, sources, outputs and metadata, one string a line; what is no JSON as it is."""
    try:
        return "\n".join(_strings(json.loads(notebook)))
    except ValueError:
        return notebook


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _strings(part)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _telling_lines(text: str) -> list[str]:
    squeezed = (_squeeze(line) for line in text.splitlines() if not line.lstrip().startswith(("import ", "from ")))
    return [line for line in squeezed if len(line) >= _TELLING_LENGTH]


def _solution_lines() -> Iterator[tuple[str, str]]:
    """Yield the telling lines inside the regions, unless a docstring or a task line says the same in public."""
    for path in sorted(data_directory("solutions").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        public = _squeeze(_REGION.sub("", text))
        for region in _REGION.findall(text):
            for line in region.splitlines():
                squeezed = _squeeze(line)
                if len(squeezed) >= _TELLING_LENGTH and squeezed not in public and not squeezed.startswith(_squeeze(TASK)):
                    yield squeezed, f"{path.name}: {line.strip()}"


@cache
def _hidden_passages() -> Mapping[str, list[tuple[str, str]]]:
    """The passages of the hidden checks and the file each is from, by their second lines."""
    passages: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(CHECKS_DIRECTORY.rglob("*.py")):
        lines = _telling_lines(path.read_text(encoding="utf-8"))
        for start in range(max(len(lines) - _PASSAGE_LINES + 1, 0)):
            passages.setdefault(lines[start + 1], []).append(("\n".join(lines[start : start + _PASSAGE_LINES]), path.name))
    return passages


def _code_in_stub(text: str) -> Iterator[int]:
    """Yield the line of every statement in a function that is neither its docstring nor the raise of NotImplementedError."""
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for statement in function.body[1:] if ast.get_docstring(function) is not None else function.body:
            if not (isinstance(statement, ast.Raise) and ast.unparse(statement).startswith("raise NotImplementedError(")):
                yield statement.lineno


def _beyond_the_stub(notebook: str, stub: str) -> Iterator[str]:
    """Yield what a notebook holds although its exercise's stub does not: outputs, and other code in the functions that students write."""
    try:
        cells = [cell for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
        there = _definitions("\n".join("".join(cell["source"]) for cell in cells))
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        yield f"is no notebook of Python code: {error!r}"
        return
    if any(cell.get("outputs") for cell in cells):
        yield "holds the output of a cell"
    for name, definitions in _definitions(stub).items():
        if there.get(name) != definitions:
            yield f"{name} is not what it is in the stub"


def _definitions(text: str) -> dict[str, list[str]]:
    """The functions and classes at the top of a module, by name, as syntax trees in text."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(ast.dump(node))
    return found
