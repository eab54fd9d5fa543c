"""The lock-down of a child that runs a student's code.

Theory of operation
===================

A *zygote* (one thread, Python with NumPy and torch loaded, no secret ever) calls `prepare` once and forks a child for each exercise of each
submission. The child calls `enter` before it sees the first byte of a submission, and talks to the grader through one socket. Whatever goes
wrong in `enter` ends the child. The trusted process, which never runs student code, checks from outside with `verify_child`.

Threats: reading hidden checks, solutions, other submissions, results, home directories; changing any of them; reaching the network; reading,
stopping or tracing another process, the grader's above all; staying alive; using up memory, processes, disk or descriptors.

Two layers are put on by the zygote and inherited by its children, and both may be missing where the system does not permit them:

==============  ====================================================  =====================================================================
layer           what it does                                          what it does not cover
==============  ====================================================  =====================================================================
view            mount, network and IPC name spaces: the file system   kernel facts without a path (uname, sysinfo)
                is Python and nothing else, read-only; no interface
cgroup          caps the memory of zygote and children in all         time; anything but memory
==============  ====================================================  =====================================================================

The others are put on by each child, in this order, and all are required (`uid` where the grader runs as root):

==============  ====================================================  =====================================================================
descriptors     only the socket stays open; 0, 1, 2 are /dev/null     what is opened later
session         no terminal                                           -
uid             an own unprivileged user and group, none besides      files every user may read; where the grader is an ordinary user,
                                                                      children share its uid and the layers below must hold alone
capabilities    none                                                  what the uid may do
death-signal    the child dies with the zygote                        a death of the grader alone: the zygote has its own
not-dumpable    no process of the same user may trace or read it      root
no-new-privs    executing a set-uid program gains nothing             -
rlimits         address space, CPU time, file size (none may grow),   limits are per process, or per user: with a shared uid the limit on
                threads, descriptors, stack, locks, queues, no core   threads protects the machine, not the user's other programs
landlock        opens Python's files for reading, /dev/null for       stat and readlink: without a view, the existence and size of files
                writing, nothing else; no TCP; no signal leaves       outside shows, their contents do not
seccomp         about 100 harmless system calls of 450, the rest      what pointers point to (paths); bugs of the kernel behind the
                fails                                                 allowed calls
==============  ====================================================  =====================================================================

They overlap on purpose: a secret file is closed by view, uid and landlock, a signal by uid, landlock and seccomp, tracing by uid, not-dumpable
and seccomp, the network by view, landlock (TCP) and seccomp. Speculative side channels and a child's own timing are not covered by any.

Cost of `enter`, beside a fork of a zygote with torch, which takes about 4 ms: 0.6 to 0.9 ms, of which capabilities 0.15 (the first call through
ctypes pays for copied pages), landlock 0.13, descriptors 0.1, seccomp 0.1, uid 0.08, session 0.05, the others 0.04 and less. `prepare`: about
60 ms once a zygote, mostly the list of readable paths. A door to close autograd with (`no_autograd`) adds 0.1 ms to the children that have torch.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from grader.errors import SandboxUnavailable
from grader.sandbox import cgroup, identities, kernel, landlock, readable, seccomp, view

_MIB = 1 << 20
_SIGKILL = 9
_ADDRESS_SLACK_MIB = 64  # stacks of a thread or two, the loader's maps
_CPU_SECONDS = 150  # the trusted process has its deadlines; this one holds when it is gone
_THREADS = 64  # NumPy and torch have one each here, but a pool that Python sizes by itself may have 32
_THREADS_SHARED_UID = 4096  # counts everything the user runs


class Layer(StrEnum):
    """The names that results record in `isolation`."""

    VIEW = "view"
    CGROUP = "cgroup"
    DESCRIPTORS = "descriptors"
    SESSION = "session"
    UID = "uid"
    CAPABILITIES = "capabilities"
    DEATH_SIGNAL = "death-signal"
    NOT_DUMPABLE = "not-dumpable"
    NO_NEW_PRIVS = "no-new-privs"
    RLIMITS = "rlimits"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that can be computed before the first fork. Descriptors belong to the zygote and are closed in the child by `enter`."""

    layers: frozenset[Layer]
    zygote: int
    null: int
    limits: tuple[tuple[int, int], ...]
    identities: identities.Identities | None
    ruleset: int
    program: seccomp.Filter | None


def prepare(memory_mib: int, *, without: Collection[str] = ()) -> Prepared:
    """Make this process a zygote: call once, with everything imported and one thread, before the first fork.

    Afterwards the process lives in the view (if the system permits one), holds no capability but those to drop a child's uid and to kill it,
    and cannot be traced by its own user.

    Args:
        memory_mib: memory a child may use beyond what this process has mapped now, MiB.
        without: layers to leave out. For tests, which show what each is good for; grading never leaves one out.

    Raises:
        SandboxUnavailable: a required layer cannot be had here; the message names it and the fix.
    """
    layers = frozenset(Layer) - frozenset(map(Layer, without))
    _require(layers)
    root, held = os.geteuid() == 0, kernel.capabilities()
    if not root:
        layers -= {Layer.UID}
    needed = readable.find()
    if Layer.CGROUP in layers and not cgroup.join(memory_mib):
        layers -= {Layer.CGROUP}
    unused = identities.find() if Layer.UID in layers else None
    whole, opened = needed.exact()
    limits = _limits(memory_mib, shared_uid=not root)
    if Layer.VIEW in layers and view.missing(needed) is None:
        view.enter(needed)
    else:
        layers -= {Layer.VIEW}
    os.chdir("/")
    _name_folders_for_scratch()
    if unused is not None:
        identities.require_readable(needed, unused, viewed=Layer.VIEW in layers)
    if root:
        _reduce_zygote(held)
    if Layer.NOT_DUMPABLE in layers:
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    return Prepared(
        layers=layers,
        zygote=os.getpid(),
        null=os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC),
        limits=limits,
        identities=unused,
        ruleset=landlock.build([*whole, *readable.DEVICES], opened, readable.WRITABLE) if Layer.LANDLOCK in layers else -1,
        program=seccomp.Filter(seccomp.compile_program(kernel.machine())) if Layer.SECCOMP in layers else None,
    )


def enter(prepared: Prepared, keep_fd: int) -> None:
    """Lock this process down, for good: call in the child, right after the fork, before it has seen a byte of a submission.

    Any failure ends the process with the exit code of the layer that failed (`failed_layer`), before a student's code could run.

    Args:
        prepared: what the zygote computed.
        keep_fd: the one descriptor above 2 that stays open.
    """
    for layer, put_on in _IN_CHILD:
        if layer in prepared.layers:
            try:
                put_on(prepared, keep_fd)
            except BaseException:  # noqa: BLE001  # whatever it was: not one step further without this layer
                os._exit(_EXIT_CODES[layer])


def layers(prepared: Prepared) -> tuple[str, ...]:
    """The names of the layers in force, in a fixed order, for the results."""
    return tuple(layer.value for layer in Layer if layer in prepared.layers)


def failed_layer(exit_code: int) -> Layer | None:
    """The layer that a child could not put on, from its exit code. Means something only for a child that ended before it was given work."""
    return {code: layer for layer, code in _EXIT_CODES.items()}.get(exit_code)


def verify_child(pid: int, in_force: Collection[str]) -> str | None:
    """What is wrong with a child's lock-down, seen by the trusted process from /proc/PID/status, or None.

    Args:
        pid: the child; call after it has reported ready and before it is given work.
        in_force: what `layers` returned in its zygote.
    """
    try:
        found = kernel.status(pid)
    except OSError as error:
        return f"/proc/{pid}/status cannot be read ({error.strerror}); mount /proc without hidepid, or grade as root"
    wanted: dict[str, str] = {"TracerPid": "0", "Threads": "1"}
    if Layer.SECCOMP in in_force:
        wanted["Seccomp"] = "2"
    if Layer.NO_NEW_PRIVS in in_force:
        wanted["NoNewPrivs"] = "1"
    if Layer.CAPABILITIES in in_force:
        wanted |= dict.fromkeys(("CapEff", "CapPrm", "CapInh", "CapAmb"), "0" * 16)
    if Layer.UID in in_force:
        wanted["Groups"] = ""
    for name, value in wanted.items():
        if found.get(name) != value:
            return f"{name} is {found.get(name)!r}, must be {value!r}"
    for name in ("Uid", "Gid") if Layer.UID in in_force else ():
        identities = set(found[name].split())
        if len(identities) != 1 or "0" in identities:
            return f"{name} is {found[name]!r}, must be one unprivileged id"
    return None


# ---------------------------------------------------------------------------------------------------------------- in the child


def _descriptors(prepared: Prepared, keep_fd: int) -> None:
    for standard in (0, 1, 2):
        os.dup2(prepared.null, standard)
    low = 3
    for kept in sorted({keep_fd, prepared.ruleset} - {-1}):
        os.closerange(low, kept)
        low = kept + 1
    os.closerange(low, 1 << 30)


def _session(_prepared: Prepared, _keep_fd: int) -> None:
    os.setsid()


def _uid(prepared: Prepared, _keep_fd: int) -> None:
    if prepared.identities is None:
        raise AssertionError("prepare gives identities where this layer is in force")
    prepared.identities.take_one()


def _capabilities(_prepared: Prepared, _keep_fd: int) -> None:
    kernel.keep_capabilities()


def _death_signal(prepared: Prepared, _keep_fd: int) -> None:
    # After the change of uid, which would clear it; a zygote that died before is noticed by its absence.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != prepared.zygote:
        raise ProcessLookupError("the zygote is gone")


def _not_dumpable(_prepared: Prepared, _keep_fd: int) -> None:
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _no_new_privs(_prepared: Prepared, _keep_fd: int) -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def _rlimits(prepared: Prepared, _keep_fd: int) -> None:
    for kind, limit in prepared.limits:
        resource.setrlimit(kind, (limit, limit))


def _landlock(prepared: Prepared, _keep_fd: int) -> None:
    landlock.restrict(prepared.ruleset)
    os.close(prepared.ruleset)


def _seccomp(prepared: Prepared, _keep_fd: int) -> None:
    if prepared.program is None:
        raise AssertionError("prepare compiles the program where this layer is in force")
    prepared.program.install()


_IN_CHILD: tuple[tuple[Layer, Callable[[Prepared, int], None]], ...] = (
    (Layer.DESCRIPTORS, _descriptors),
    (Layer.SESSION, _session),
    (Layer.UID, _uid),
    (Layer.CAPABILITIES, _capabilities),
    (Layer.DEATH_SIGNAL, _death_signal),
    (Layer.NOT_DUMPABLE, _not_dumpable),
    (Layer.NO_NEW_PRIVS, _no_new_privs),
    (Layer.RLIMITS, _rlimits),
    (Layer.LANDLOCK, _landlock),
    (Layer.SECCOMP, _seccomp),
)
_EXIT_CODES: Mapping[Layer, int] = {layer: 80 + position for position, (layer, _) in enumerate(_IN_CHILD)}


# --------------------------------------------------------------------------------------------------------------- in the zygote


def _name_folders_for_scratch() -> None:
    """Nothing is writable, and some libraries (torch.func at its first use) insist on knowing where it would be before they need it."""
    tempfile.tempdir = os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"


def _require(layers: Collection[Layer]) -> None:
    for report in _kernel_reports():
        if report.required and not report.present and report.name in layers:
            raise SandboxUnavailable(f"{report.name}: {report.why}; {report.fix}")
    if (threads := kernel.status()["Threads"]) != "1":
        raise SandboxUnavailable(f"the zygote has {threads} threads; set OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1 before importing NumPy")


def _limits(memory_mib: int, *, shared_uid: bool) -> tuple[tuple[int, int], ...]:
    """(resource, limit) for a child; a limit is never above the hard one in force, which could not be raised."""
    mapped = int(kernel.status()["VmSize"].split()[0]) * 1024
    wanted = {
        "RLIMIT_AS": mapped + (memory_mib + _ADDRESS_SLACK_MIB) * _MIB,
        "RLIMIT_CPU": _CPU_SECONDS,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NPROC": _THREADS_SHARED_UID if shared_uid else _THREADS,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_CORE": 0,
        "RLIMIT_STACK": 8 * _MIB,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_SIGPENDING": 64,
        "RLIMIT_NICE": 0,
        "RLIMIT_RTPRIO": 0,
    }
    table = []
    for name, limit in wanted.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        table.append((kind, limit if hard == resource.RLIM_INFINITY else min(limit, hard)))
    return tuple(table)


def _reduce_zygote(held: int) -> None:
    """Keep what dropping a child's uid and killing it needs. An empty bounding set is inherited by the children."""
    with contextlib.suppress(OSError):  # ends with the first number that is no capability, or at once without CAP_SETPCAP
        for capability in range(64):
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
    kernel.keep_capabilities(frozenset(c for c in (kernel.CAP_KILL, kernel.CAP_SETGID, kernel.CAP_SETUID) if held >> c & 1))


# ------------------------------------------------------------------------------------------------------------------ the doctor


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One line of `grade doctor`. `why` says why it is missing, or what is limited about it; `fix` is empty where nothing needs one."""

    name: str
    present: bool
    why: str
    fix: str
    required: bool


def _kernel_reports() -> list[LayerReport]:
    """The layers that depend on the kernel alone."""
    landlock_missing, seccomp_missing = landlock.missing(), seccomp.missing()
    limited = f"ABI {landlock.abi()}: network and signals are held by seccomp alone" if 0 < landlock.abi() < 6 else ""
    return [
        LayerReport(
            Layer.LANDLOCK,
            landlock_missing is None,
            landlock_missing or limited,
            "use Linux 5.13 or newer with landlock in its list of security modules" if landlock_missing else "",
            required=True,
        ),
        LayerReport(
            Layer.SECCOMP,
            seccomp_missing is None,
            seccomp_missing or "",
            "use Linux on x86_64 or aarch64 with seccomp filters" if seccomp_missing else "",
            required=True,
        ),
    ]


def _uid_missing(*, viewed: bool) -> tuple[str, str] | None:
    """Why root could not give children an uid of their own, and the fix. Whether they can read Python is known only where no view shows it."""
    try:
        unused = identities.find()
        if not viewed:
            identities.require_readable(readable.find(), unused, viewed=False)
    except SandboxUnavailable as error:
        why, _, fix = str(error).removeprefix("uid: ").partition("; ")
        return why, fix
    return None


def survey() -> list[LayerReport]:
    """Each layer: present here or not, why not, and what to do about it. Changes nothing; forks once to try the view."""
    linux = kernel.is_linux()
    root = linux and os.geteuid() == 0
    elsewhere = "" if linux else f"{sys.platform} does not have it"
    advice = "" if linux else "grade on Linux, or in a Linux container or virtual machine"
    view_missing = view.missing(readable.find()) if linux else elsewhere
    cgroup_missing = cgroup.missing() if linux else elsewhere
    uid_missing = _uid_missing(viewed=view_missing is None) if root else None
    not_root = "the grader does not run as root: children share its uid, the other layers hold alone"
    optional = [
        LayerReport(
            Layer.VIEW,
            view_missing is None,
            view_missing or "",
            (advice or "run as root with CAP_SYS_ADMIN, or permit user name spaces") if view_missing else "",
            required=False,
        ),
        LayerReport(
            Layer.CGROUP,
            cgroup_missing is None,
            cgroup_missing or "",
            (advice or "make the memory control group writable; the limit on address space holds without") if cgroup_missing else "",
            required=False,
        ),
        LayerReport(
            Layer.UID,
            root and uid_missing is None,
            elsewhere or ("" if root else not_root) or (uid_missing[0] if uid_missing else ""),
            advice or (uid_missing[1] if uid_missing else ""),
            required=root,
        ),
    ]
    own = (Layer.DESCRIPTORS, Layer.SESSION, Layer.CAPABILITIES, Layer.DEATH_SIGNAL, Layer.NOT_DUMPABLE, Layer.NO_NEW_PRIVS, Layer.RLIMITS)
    everywhere = {Layer.DESCRIPTORS, Layer.SESSION, Layer.RLIMITS}
    always = [LayerReport(layer, linux or layer in everywhere, "" if linux else elsewhere, advice, required=True) for layer in own]
    found = {report.name: report for report in (*optional, *always, *_kernel_reports())}
    return [found[layer] for layer in Layer]
