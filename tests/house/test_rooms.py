"""The design's rooms: who may import whom, read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

GRADER = Path(__file__).resolve().parents[2] / "grader"
SHARED = {"model", "errors", "unit", "observation", "text", "spreadsheet", "interpreter"}
WIRING = {"__main__", "pipeline", "earlier_names", "jobs", "cli", "demo", "verify", "bank", "nbgrader"}
# What runs inside the sandbox's processes: nothing of the grader but its own room, so that nothing of the grader can be reached from there.
TRUSTED_SIDE_OF_THE_SANDBOX = {"client", "fork_server", "translate", "canary", "messages", "__init__"}
INSIDE_THE_SANDBOX = {path.stem for path in (GRADER / "sandbox").glob("*.py")} - TRUSTED_SIDE_OF_THE_SANDBOX


def _imports(path: Path) -> set[str]:
    """Names below `grader` that a file imports, at any depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("grader.") for name in found if name.startswith("grader.")}


def _room(path: Path) -> str:
    return path.relative_to(GRADER).with_suffix("").parts[0]


FILES = sorted(path for path in GRADER.rglob("*.py") if path.name != "__init__.py" or path.parent != GRADER)


@pytest.mark.parametrize("path", [path for path in FILES if _room(path) not in WIRING], ids=lambda path: str(path.relative_to(GRADER)))
def test_a_stage_imports_the_shared_words_and_its_own_room_only(path: Path) -> None:
    rooms = {name.split(".")[0] for name in _imports(path)}
    assert rooms <= SHARED | {_room(path)} | {"__version__"}


@pytest.mark.parametrize("path", [path for path in FILES if path.stem in SHARED], ids=lambda path: path.stem)
def test_the_shared_words_depend_on_no_stage(path: Path) -> None:
    assert {name.split(".")[0] for name in _imports(path)} <= SHARED


@pytest.mark.parametrize("name", sorted(INSIDE_THE_SANDBOX))
def test_what_runs_beside_student_code_imports_nothing_of_the_grader_outside_its_room(name: str) -> None:
    found = _imports(GRADER / "sandbox" / f"{name}.py")
    assert {imported.split(".")[0] for imported in found} <= {"sandbox", "errors"}
    assert not {imported for imported in found if imported.split(".")[1:2] and imported.split(".")[1] in TRUSTED_SIDE_OF_THE_SANDBOX}


def test_the_package_itself_imports_nothing() -> None:
    tree = ast.parse((GRADER / "__init__.py").read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def test_a_run_that_has_nothing_to_grade_loads_neither_torch_nor_pytest() -> None:
    """They take seconds; a class of a thousand that did not change is looked through in less."""
    look = "import sys; import grader.pipeline, grader.jobs.local, grader.cli.run; sys.exit(', '.join({'torch', 'pytest'} & {*sys.modules}) or None)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)  # noqa: S603  # our own interpreter
    assert (done.returncode, done.stderr) == (0, "")
