"""Closes autograd for one process: whoever enters it from then on is killed, by whatever path.

In `backward.py` and `encoder.py` the gradients are to be written by hand. Patching torch's Python functions does not hold: a student's module
may have kept references to them, reload them or call the C++ engine's binding. All paths, however, end in a handful of C++ functions. `arm`
overwrites the first instruction of each, in this process's private copy of the memory page, with one that does not exist; the process then dies
of SIGILL, which the client reads as `forbidden`. The zygote and the other children share the file's pages, not the copy.

What dies: reverse mode (the engine: `backward`, `autograd.grad`, `autograd.functional`, `func.grad`, `vjp`, `jacrev`), forward mode (opening a
level, and giving any tensor a tangent: `forward_ad`, `func.jvp`, `jacfwd`, `linearize`), walking a graph by hand by calling its nodes, and the
compiler's own differentiation of graphs (`torch.jit`). What lives: torch as a calculator, `no_grad`, `func.vmap`, recording a graph, defining
and applying an `autograd.Function`, and calling its `backward` through `grad_fn.apply`.

Not covered: code that writes to its own machine code through ctypes, or loads a second copy of torch's libraries, can open what was closed
here. It gains no secret by that, only what the few lines of the formula would have given it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grader.errors import SandboxUnavailable
from grader.sandbox import kernel

# An instruction that no processor of the family will ever have: ud2, udf #0.
_TRAPS = {"x86_64": b"\x0f\x0b", "aarch64": b"\x00\x00\x00\x00"}

_LIBRARY = "libtorch_cpu.so"
_SYMBOLS = {
    "reverse mode": "_ZN5torch8autograd6Engine7executeERKSt6vectorINS0_4EdgeESaIS3_EERKS2_IN2at6TensorESaIS9_EEbbbS7_",
    "a level of forward mode": "_ZN5torch8autograd14ForwardADLevel12get_next_idxEv",
    "a tangent of forward mode": "_ZN5torch8autograd12AutogradMeta11set_fw_gradERKN2at10TensorBaseES5_mb",
    "the differentiation of compiled graphs": "_ZN5torch3jit13differentiateERSt10shared_ptrINS0_5GraphEE",
}
_CALL_SLOT = 16 * ctypes.sizeof(ctypes.c_void_p)  # tp_call in PyTypeObject, unchanged since Python 3.8


@dataclass(frozen=True, slots=True)
class Gate:
    """How to close autograd: C functions bound to their arguments before there is a student, so that no module holds a name to patch."""

    steps: tuple[Callable[[], int | None], ...]


def find() -> Gate:
    """Find the functions, in the zygote, once, before it enters the jail (it reads /proc/self/maps), and prove in a fork that closing them works.

    Raises:
        SandboxUnavailable: this torch, or this machine, does not have them where they are expected, or the proof failed.
    """
    import torch

    trap = _TRAPS.get(kernel.machine()) if kernel.is_linux() else None
    if trap is None:
        raise SandboxUnavailable("autograd can be closed on Linux on x86_64 and aarch64 only; grade there")
    library: Any = ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / _LIBRARY))
    addresses = []
    for what, symbol in _SYMBOLS.items():
        try:
            addresses.append(ctypes.cast(getattr(library, symbol), ctypes.c_void_p).value or 0)
        except AttributeError:
            raise SandboxUnavailable(f"torch {torch.__version__}: {_LIBRARY} has no {symbol} ({what}); install a torch this version knows") from None
    addresses.append(_call_of_nodes(torch))
    code = _code_ranges()
    for address in addresses:
        if not any(start <= address and address + len(trap) <= end for start, end in code):
            raise SandboxUnavailable(f"torch {torch.__version__}: autograd is not where it is expected; install a torch this version knows")
    gate = Gate(tuple(step for address in addresses for step in _steps(address, trap)))
    if (ended := _try(gate, torch)) != -signal.SIGILL:
        raise SandboxUnavailable(f"autograd cannot be closed: a process that used it ended with {ended}; let processes change their own code")
    return gate


def arm(gate: Gate) -> None:
    """Close autograd in this process, for good. There is no way back: what nobody can call, a student cannot call either.

    Works inside the jail. Call in the child's main thread, after the student's module is loaded, whose own self-tests may use autograd.

    Raises:
        OSError: the system does not let a process change its own code.
    """
    for step in gate.steps:
        if step() == -1:
            raise OSError("a page of torch's code could not be changed")
    signal.signal(signal.SIGILL, signal.SIG_DFL)  # a handler would return to the same instruction, for ever


def _steps(address: int, trap: bytes) -> tuple[Callable[[], int | None], ...]:
    page = mmap.PAGESIZE
    first = address - address % page
    length = (address + len(trap) - first + page - 1) // page * page
    protect = partial(ctypes.CDLL(None)["mprotect"], ctypes.c_void_p(first), ctypes.c_size_t(length))
    return (
        partial(protect, mmap.PROT_READ | mmap.PROT_WRITE),
        partial(ctypes.memmove, address, trap, len(trap)),
        partial(protect, mmap.PROT_READ | mmap.PROT_EXEC),
    )


def _try(gate: Gate, torch: Any) -> int:
    """How a process ends that uses autograd after it was closed."""
    pid = os.fork()
    if pid == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            arm(gate)
            torch.ones(1, requires_grad=True).sum().backward()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _call_of_nodes(torch: Any) -> int:
    """The one C function behind `node(gradient)` for all of torch's own graph nodes. It is exported under no name: their types know it."""
    x = torch.ones(1, requires_grad=True)
    types = [type(result.grad_fn) for result in (x * 2, x.exp(), x.sum())]
    slots = {ctypes.c_void_p.from_address(id(kind) + _CALL_SLOT).value for kind in types}
    if len(slots) != 1 or None in slots:
        raise SandboxUnavailable(f"torch {torch.__version__}: its graph nodes are not called as expected; install a torch this version knows")
    return int(slots.pop() or 0)


def _code_ranges() -> list[tuple[int, int]]:
    """Where torch's libraries have executable, private pages, from this process's memory map."""
    ranges = []
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        place, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "r-xp" and name and os.path.basename(name[0]).startswith("libtorch"):  # noqa: PTH119  # not a path to be used
            start, end = (int(part, 16) for part in place.split("-"))
            ranges.append((start, end))
    return ranges
