"""Closes autograd for one process: whoever enters it from then on is killed, by whatever path.

In `backward.py` and `encoder.py` the gradients are to be written by hand. Patching torch's Python functions does not hold: a student's module
may have kept references to them, reload them or call the C++ engine's binding. All paths, however, end in a handful of C++ functions. Closing
overwrites the first instruction of each, in that process's own copy of the memory page, with one that does not exist; the process then dies
of SIGILL, which the client reads as `forbidden`.

A file may use autograd while it is loaded, for tests of its own, so closing comes after a student's code has run, when nothing inside that process
can be relied on any more. It is therefore done from outside: the zygote makes a `Door`, a copy of the pages that it shares with the worker alone,
the worker hangs it in the place of torch's pages before it sees a submission, and the zygote shuts it when the file is loaded.

What dies: reverse mode (every engine, at its next node: `backward`, `autograd.grad`, `autograd.functional`, `func.grad`, `vjp`, `jacrev`,
`distributed.autograd`), forward mode (opening a
level, and giving any tensor a tangent: `forward_ad`, `func.jvp`, `jacfwd`, `linearize`), walking a graph by hand by calling its nodes, and the
compiler's own differentiation of graphs (`torch.jit`). What lives: torch as a calculator, `no_grad`, `func.vmap`, recording a graph, defining
and applying an `autograd.Function`, and calling its `backward` through `grad_fn.apply`.

Not covered: code that maps or writes machine code of its own through ctypes, or loads a second copy of torch's libraries, can open what was closed
here. It gains no secret by that, only what the few lines of the formula would have given it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import SandboxUnavailable
from grader.sandbox import kernel

# An instruction that no processor of the family will ever have: ud2, udf #0.
_TRAPS = {"x86_64": b"\x0f\x0b", "aarch64": b"\x00\x00\x00\x00"}

_LIBRARY = "libtorch_cpu.so"
_SYMBOLS = {
    "reverse mode": "_ZN5torch8autograd6Engine7executeERKSt6vectorINS0_4EdgeESaIS3_EERKS2_IN2at6TensorESaIS9_EEbbbS7_",
    # Where every engine goes for each node, the one for distributed models too, and one that was inside already when the door was shut.
    "a node of reverse mode": (
        "_ZN5torch8autograd6Engine17evaluate_functionERSt10shared_ptrINS0_9GraphTaskEEPNS0_4NodeERNS0_11InputBufferERKS2_INS0_10ReadyQueueEE"
    ),
    "a level of forward mode": "_ZN5torch8autograd14ForwardADLevel12get_next_idxEv",
    "a tangent of forward mode": "_ZN5torch8autograd12AutogradMeta11set_fw_gradERKN2at10TensorBaseES5_mb",
    "the differentiation of compiled graphs": "_ZN5torch3jit13differentiateERSt10shared_ptrINS0_5GraphEE",
}
_TRIES = 3
_PAGE = mmap.PAGESIZE
_READ_WRITE = mmap.PROT_READ | mmap.PROT_WRITE
_MOVE, _FIXED = 1, 2  # of mremap
_CALL_SLOT = 16 * ctypes.sizeof(ctypes.c_void_p)  # tp_call in PyTypeObject, unchanged since Python 3.8


@dataclass(frozen=True, slots=True)
class Gate:
    """Where autograd is entered: the addresses of torch's pages with the functions above, and of their first instructions."""

    pages: tuple[int, ...]
    entries: tuple[int, ...]
    trap: bytes

    def door(self) -> Door:
        """A door for one process, open. Raises OSError without memory for it."""
        place = kernel.map_memory("mmap", 0, len(self.pages) * _PAGE, _READ_WRITE, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, -1, 0)
        for number, page in enumerate(self.pages):
            ctypes.memmove(place + number * _PAGE, page, _PAGE)
        return Door(self, place)


@dataclass(frozen=True, slots=True)
class Door:
    """A copy of the gate's pages, at `place`, in memory that the process which made it shares with those it forks."""

    gate: Gate
    place: int

    def hang(self) -> None:
        """In the forked process: put the copy in the place of torch's own pages. Raises OSError where that is not permitted."""
        kernel.call("mprotect", self.place, len(self.gate.pages) * _PAGE, mmap.PROT_READ | mmap.PROT_EXEC)
        for number, page in enumerate(self.gate.pages):
            kernel.map_memory("mremap", self.place + number * _PAGE, _PAGE, _PAGE, _MOVE | _FIXED, page)

    def shut(self) -> None:
        """In the process that made it: from now on whoever enters autograd where the door hangs dies. There is no handle on the inside."""
        for number, page in enumerate(self.gate.pages):
            for entry in self.gate.entries:
                for offset, byte in enumerate(self.gate.trap, start=entry - page):
                    if 0 <= offset < _PAGE:
                        ctypes.memset(self.place + number * _PAGE + offset, byte, 1)

    def keep_from_others(self) -> None:
        """In the process that made it, once the one it is for has been forked: whoever is forked later shares no memory with that one."""
        kernel.call("madvise", ctypes.c_void_p(self.place), ctypes.c_size_t(len(self.gate.pages) * _PAGE), kernel.MADV_DONTFORK)

    def discard(self) -> None:
        """In the process that made it: give the memory back."""
        kernel.call("munmap", self.place, len(self.gate.pages) * _PAGE)


def find() -> Gate:
    """Find the functions, in the zygote, once, before it enters the jail (it reads /proc/self/maps), and prove in a fork that a door holds.

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
    ends = (end - end % _PAGE for address in addresses for end in (address, address + len(trap) - 1))
    gate = Gate(tuple(sorted(set(ends))), tuple(addresses), trap)
    # Killed from outside it has proved nothing.
    ended = next((code for code in (_try(gate, torch) for _ in range(_TRIES)) if code != -signal.SIGKILL), -signal.SIGKILL)
    if ended != -signal.SIGILL:
        raise SandboxUnavailable(f"autograd cannot be closed: a process that used it ended with {ended}; let processes map executable memory")
    return gate


def _try(gate: Gate, torch: Any) -> int:
    """How a process ends that uses autograd twice: before the door is shut, which must go well, and after it."""
    door = gate.door()
    done_read, done_write = os.pipe()
    shut_read, shut_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            door.hang()
            torch.ones(1, requires_grad=True).sum().backward()
            os.write(done_write, b"!")
            os.read(shut_read, 1)
            torch.ones(1, requires_grad=True).sum().backward()
        finally:
            os._exit(1)
    os.close(done_write)
    os.read(done_read, 1)
    door.shut()
    os.write(shut_write, b"!")
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    for descriptor in (done_read, shut_read, shut_write):
        os.close(descriptor)
    door.discard()
    return code


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
