"""Turns a solution into the stub a student starts from.

In a solution every function is a docstring, which students get to read, and one region, which they do not:

    # BEGIN SOLUTION
    # TASK: what to do, one line a step; these lines travel into the stub
    ...the code...
    # END SOLUTION

The stub keeps everything outside the regions. A region becomes its task lines and a `raise NotImplementedError`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.errors import UnitError

BEGIN = "# BEGIN SOLUTION"
END = "# END SOLUTION"
TASK = "# TASK: "


@dataclass(frozen=True, slots=True)
class _Region:
    """Line numbers of the two markers, counted from 1."""

    begin: int
    end: int


def make_stub(solution: str, file: str) -> str:
    """Return the stub of a solution.

    Args:
        solution: the text of the solution.
        file: its name, for error messages.

    Raises:
        UnitError: the markers do not pair up, a region has no task, or some line would reach students by mistake: a function without a
            region, code beside a region. The message names file and line.
    """
    lines = solution.splitlines()
    regions = _regions(lines, file)
    names = _match_functions(solution, regions, file)
    stub: list[str] = []
    position = 0
    for region in regions:
        tasks = [line for line in lines[region.begin : region.end - 1] if line.lstrip().startswith(TASK)]
        if not tasks:
            raise UnitError(f"{file}:{region.begin}: the region tells students nothing; begin it with a line '{TASK}...'")
        indent = lines[region.begin - 1].removesuffix(BEGIN)
        stub += lines[position : region.begin - 1]
        stub += tasks
        stub.append(f'{indent}raise NotImplementedError("{names[region]} is not written yet: replace this line with your code")')
        position = region.end
    return "\n".join([*stub, *lines[position:]]) + "\n"


def _regions(lines: list[str], file: str) -> list[_Region]:
    regions: list[_Region] = []
    begin: int | None = None
    for number, line in enumerate(lines, start=1):
        if line.strip() == BEGIN:
            if begin is not None:
                raise UnitError(f"{file}:{number}: '{BEGIN}' inside the region that began in line {begin}; end that one first with '{END}'")
            begin = number
        elif line.strip() == END:
            if begin is None:
                raise UnitError(f"{file}:{number}: '{END}' without a '{BEGIN}' before it; add one, or remove this line")
            regions.append(_Region(begin, number))
            begin = None
        elif "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            raise UnitError(f"{file}:{number}: a marker stands alone on its line and is spelled '{BEGIN}' or '{END}'")
    if begin is not None:
        raise UnitError(f"{file}:{begin}: '{BEGIN}' is never ended; add '{END}' after the code")
    if not regions:
        raise UnitError(f"{file}:1: no '{BEGIN}' anywhere: the whole solution would be handed out")
    return regions


def _match_functions(solution: str, regions: list[_Region], file: str) -> dict[_Region, str]:
    """Name the function of every region, after proving that the regions hold all code of all functions."""
    try:
        tree = ast.parse(solution)
    except SyntaxError as error:
        raise UnitError(f"{file}:{error.lineno}: not Python: {error.msg}") from error
    functions = dict(_functions(tree))
    names: dict[_Region, str] = {}
    for region in regions:
        owner = next((name for name, node in functions.items() if node.lineno < region.begin <= (node.end_lineno or 0)), None)
        if owner is None:
            raise UnitError(f"{file}:{region.begin}: '{BEGIN}' outside a function; only what a function does is left to students")
        if owner in names.values():
            raise UnitError(f"{file}:{region.begin}: a second region in {owner}; one region holds all its code")
        names[region] = owner
    by_name = {name: region for region, name in names.items()}
    for name, node in functions.items():
        if name not in by_name:
            raise UnitError(f"{file}:{node.lineno}: {name} has no '{BEGIN}': its code would be handed out")
        region = by_name[name]
        for statement in node.body[1:] if ast.get_docstring(node) is not None else node.body:
            if not region.begin < statement.lineno <= (statement.end_lineno or 0) < region.end:
                raise UnitError(f"{file}:{statement.lineno}: code of {name} outside its region would be handed out; move the markers around it")
    return names


def _functions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield the functions of a module and the methods of its classes, by qualified name; not the functions inside functions."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
