"""Loads a submission's files from memory: no byte of a submission ever lies on a disk.

An exercise's own name always means the student's file; for every other name the standard library and installed packages win, because the finder for
helpers stands last on `sys.meta_path`. A `.py` file is imported as Python would; a notebook's cells run one by one, and a cell that fails does not
stop the cells after it.
"""

from __future__ import annotations

import importlib.util
import linecache
import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import accumulate
from types import CodeType, ModuleType
from typing import Any

from grader.sandbox.stand_ins import StandInFinder

# The exit code of a worker without torch that is asked for it. Not one of the jail's.
NEEDS_TORCH = 79

CELLS_WHOSE_BODY_IS_PYTHON = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
MAGIC_LINE = re.compile(r"^(\s*)(?:[%!?]|[\w.,\s]+=\s*[%!]|[\w.]+\?{1,2}\s*$)")

Code = bytes | tuple[str, ...]


def pack(code: Code) -> Any:
    """Code for the wire. Of a notebook, all cells in one block: a hundred thousand of them would not fit into a frame's header."""
    if isinstance(code, bytes):
        return code
    cells = [cell.encode() for cell in code]
    return [len(cell) for cell in cells], b"".join(cells)


def unpack(packed: Any) -> Code:
    """What `pack` was given."""
    if isinstance(packed, bytes):
        return packed
    lengths, text = packed
    ends = list(accumulate(lengths))
    return tuple(text[end - length : end].decode() for length, end in zip(lengths, ends, strict=True))


def mentions(code: Code, word: str) -> bool:
    """Whether the word stands anywhere in it."""
    return word.encode() in code if isinstance(code, bytes) else any(word in cell for cell in code)


class SubmissionFinder(MetaPathFinder, Loader):
    """Finder and loader of one set of sources, keyed by dotted module name; each source is `(path, code)`."""

    def __init__(self, sources: Mapping[str, tuple[str, Code]], packages: Sequence[str], failures: dict[str, BaseException]) -> None:
        self.sources = sources
        self.packages = frozenset(packages)
        self.failures = failures

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002  # the protocol's signature
        """A spec for a module of the submission, None for every other name."""
        if fullname not in self.sources and fullname not in self.packages:
            return None
        origin = self.sources[fullname][0] if fullname in self.sources else None
        return importlib.util.spec_from_loader(fullname, self, origin=origin, is_package=fullname in self.packages)

    def exec_module(self, module: ModuleType) -> None:
        """Run a source in its module; the failures of notebook cells are kept by place."""
        if module.__name__ not in self.sources:
            return
        path, code = self.sources[module.__name__]
        module.__file__ = path
        if isinstance(code, bytes):
            _remember_lines(path, code.decode("utf-8", "replace"))
            exec(compile(code, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  # running student code is this process's purpose
        else:
            self._run_cells(path, code, module)

    def _run_cells(self, path: str, cells: tuple[str, ...], module: ModuleType) -> None:
        module.__dict__.setdefault("display", lambda *_, **__: None)
        for number, text in enumerate(cells, start=1):
            place = f"{path}, cell {number}"
            _remember_lines(place, text)
            try:
                program = _compile_cell(text, place)
                if program is not None:
                    exec(program, module.__dict__)  # noqa: S102  # as above
            except BaseException as failure:  # noqa: BLE001  # a cell may raise anything, SystemExit included, and the next one still runs
                self.failures.setdefault(place, failure)


class TorchlessFinder(MetaPathFinder):
    """Stands first where torch is not loaded: to import it here would take longer than to start over in a worker that has it."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002  # the protocol's signature
        """End the process for torch, which tells the client; say nothing of other names."""
        if fullname == "torch":
            os._exit(NEEDS_TORCH)


def _compile_cell(text: str, place: str) -> CodeType | None:
    """A cell as code; None for a cell in another language. Magics and shell escapes are skipped, other lines keep their numbers."""
    first = text.lstrip().partition("\n")[0]
    if first.startswith("%%"):
        words = first[2:].split()
        if not words or words[0] not in CELLS_WHOSE_BODY_IS_PYTHON:
            return None
        text = text.replace(first, "", 1)
    lines = text.split("\n")
    while True:
        try:
            return compile("\n".join(lines), place, "exec", dont_inherit=True)
        except SyntaxError as error:
            # Only where Python stumbles: inside brackets and strings such a line is none.
            number = (error.lineno or 0) - 1
            if not 0 <= number < len(lines) or not MAGIC_LINE.match(lines[number]):
                raise
            lines[number] = MAGIC_LINE.sub(r"\1pass  # ", lines[number])


def _remember_lines(path: str, text: str) -> None:
    """So that `inspect.getsource` and tracebacks find a source that is on no disk."""
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)


def install(exercises: Mapping[str, tuple[str, Code]], helpers: Mapping[str, tuple[str, Code]], packages: Sequence[str]) -> dict[str, BaseException]:
    """Make the submission importable. Returns the (growing) record of notebook cells that failed, by place."""
    failures: dict[str, BaseException] = {}
    for name in exercises:
        sys.modules.pop(name, None)
    torchless = [] if "torch" in sys.modules else [TorchlessFinder()]
    sys.meta_path[:0] = [SubmissionFinder(exercises, (), failures), StandInFinder(), *torchless]
    sys.meta_path.append(SubmissionFinder(helpers, packages, failures))
    return failures
