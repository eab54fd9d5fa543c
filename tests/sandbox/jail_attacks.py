"""What a student's code might try, as functions that raise if they are held and return something if they succeed. Standard library only."""

# Attacks make their system calls as directly as they can:
# ruff: noqa: PTH101, PTH102, PTH104, PTH108, PTH116, PTH123, PTH208, PTH211, S103, S606

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import socket
import struct
import threading
import time
from typing import Any

libc = ctypes.CDLL(None, use_errno=True)


def raw(number: int, *arguments: Any) -> int:
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in padded))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return int(result)


def raw_errors(numbers: list[int]) -> dict[str, int]:
    """The errno of each call, with all arguments zero; 0 where it succeeded."""
    found = {}
    for number in numbers:
        try:
            raw(number)
            found[str(number)] = 0
        except OSError as error:
            found[str(number)] = error.errno or -1
    return found


def read_file(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(100)


def read_file_as(uid: int, path: str) -> str:
    os.setresuid(uid, uid, uid)
    return read_file(path)


def stat_file(path: str) -> int:
    return os.stat(path).st_size


def list_directory(path: str) -> list[str]:
    return sorted(os.listdir(path))


def write_file(path: str) -> str:
    with open(path, "w", encoding="utf-8") as file:
        file.write("x")
    return "written"


def create_empty_file(path: str) -> str:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL))
    return "created"


def truncate_file(path: str) -> str:
    os.close(os.open(path, os.O_WRONLY | os.O_TRUNC))
    return "truncated"


def change_mode(path: str) -> str:
    os.chmod(path, 0o777)
    return "changed"


def change_times(path: str) -> str:
    os.utime(path, (0, 0))
    return "changed"


def make_symlink(path: str) -> str:
    os.symlink("/etc", path)
    return "made"


def make_directory(path: str) -> str:
    os.mkdir(path)
    return "made"


def rename_file(path: str) -> str:
    os.rename(path, path + ".away")
    return "renamed"


def remove_file(path: str) -> str:
    os.unlink(path)
    return "removed"


def connect(port: int) -> str:
    with socket.socket() as client:
        client.settimeout(2)
        client.connect(("127.0.0.1", port))
    return "connected"


def make_socket() -> str:
    for family, kind in ((socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_NETLINK, socket.SOCK_RAW)):
        socket.socket(family, kind).close()
    return "made"


def send_to_named_socket(path: str) -> str:
    one, _other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"hello", path)
    return "sent"


def pass_descriptor() -> str:
    one, _other = socket.socketpair()
    socket.send_fds(one, [b"x"], [one.fileno()])
    return "sent"


def fork() -> str:
    if os.fork() == 0:
        os._exit(0)
    return "forked"


def execute(*arguments: str) -> str:
    os.execv(arguments[0], list(arguments))


def clone_with(flags: int) -> int:
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    result = raw(number, flags)
    if result == 0:
        os._exit(0)
    return result


def kill(pid: int, number: int) -> str:
    os.kill(pid, number)
    return "killed"


def kill_by_descriptor_owner(pid: int) -> str:
    """F_SETOWN and F_SETSIG: the kernel sends the signal when the descriptor becomes readable."""
    import fcntl

    one, other = socket.socketpair()
    fcntl.fcntl(one, fcntl.F_SETOWN, pid)
    fcntl.fcntl(one, 10, signal.SIGKILL)
    fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    other.send(b"x")
    return "sent"


def trace(pid: int) -> str:
    attach = 16
    if libc.ptrace(attach, pid, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return "traced"


def read_memory(pid: int, address: int, size: int) -> str:
    number = {"x86_64": 310, "aarch64": 270}[os.uname().machine]
    buffer = ctypes.create_string_buffer(size)
    local = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), size)
    remote = (ctypes.c_uint64 * 2)(address, size)
    raw(number, pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
    return buffer.raw.decode()


def become_root() -> str:
    os.setresuid(0, 0, 0)
    return "root"


def raise_limit() -> str:
    resource.setrlimit(resource.RLIMIT_NOFILE, (65, 65))
    return "raised"


def unset_death_signal() -> str:
    if libc.prctl(1, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return "unset"


def become_dumpable() -> str:
    if libc.prctl(4, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return "dumpable"


def mount_tmpfs() -> str:
    if libc.mount(b"x", b"/usr", b"tmpfs", 0, None):
        raise OSError(ctypes.get_errno(), "mount")
    return "mounted"


def new_user_space() -> str:
    if libc.unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "unshare")
    return "unshared"


def use_memory(mib: int) -> str:
    blocks = [bytearray(b"x" * (1 << 20)) for _ in range(mib)]
    return f"used {len(blocks)}"


def use_descriptors(count: int) -> int:
    return len([os.open(os.devnull, os.O_RDONLY) for _ in range(count)])


def use_threads(count: int) -> int:
    threading.stack_size(1 << 16)
    release = threading.Event()
    threads = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=release.wait, daemon=True)
            thread.start()
            threads.append(thread)
    finally:
        release.set()
    return len(threads)


def read_descriptor(descriptor: int) -> str:
    return os.pread(descriptor, 100, 0).decode()


def outlive() -> str:
    time.sleep(60)
    return "lived"


def call_32_bit() -> str:
    """Call getpid through the 32-bit entry of x86, where its number 20 is another call's in the 64-bit table."""
    code = b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3"
    area = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    area.write(code)
    return str(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))())


# ------------------------------------------------------------------------------------------------------- what must go on working


def honest_work() -> str:
    """Threads, pipes, an event loop, lazy imports, randomness, /dev/null, executable memory: what correct code may need."""
    import asyncio
    import dataclasses
    import decimal
    import fractions
    import json
    import random
    import statistics
    import zoneinfo

    found = []
    thread = threading.Thread(target=lambda: found.append("thread"))
    thread.start()
    thread.join()
    asyncio.run(asyncio.sleep(0))
    with open(os.devnull, "w", encoding="ascii") as sink:
        sink.write("x")
    read_end, write_end = os.pipe()
    os.write(write_end, b"x")
    os.read(read_end, 1)
    one, other = socket.socketpair()
    one.sendall(b"x")
    other.recv(1)
    assert statistics.mean([1, 3]) == 2
    assert fractions.Fraction(1, 2) == decimal.Decimal("0.5")
    assert json.loads("[1]") == [1]
    assert 0 <= random.SystemRandom().random() < 1
    assert dataclasses.is_dataclass(dataclasses.make_dataclass("Point", ["x"]))
    assert zoneinfo.__name__
    callback = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)
    assert callback() == 7
    assert len(struct.pack("d", time.time())) == 8
    return found[0]


def numerical_work() -> str:
    """NumPy, torch and scipy as students use them, scipy imported only here."""
    import numpy as np
    import scipy.special
    import scipy.stats
    import torch

    x = torch.randn(8, 8, dtype=torch.float64, requires_grad=True)
    (x @ x.T).exp().sum().backward()
    assert x.grad is not None
    jacobian = torch.func.jacrev(lambda v: v**2)(torch.ones(3))
    assert torch.equal(jacobian, 2 * torch.eye(3))
    assert torch.func.vmap(torch.sin)(torch.ones(3)).shape == (3,)
    assert np.linalg.inv(np.eye(3) * 2)[0, 0] == 0.5
    assert np.random.default_rng(1).normal(size=3).shape == (3,)
    assert abs(scipy.stats.norm.cdf(scipy.special.ndtri(0.3)) - 0.3) < 1e-12
    import torch.distributions.kl

    normal = torch.distributions.Normal(0.0, 1.0)
    return str(float(torch.distributions.kl.kl_divergence(normal, normal)))


def write_to_terminal(text: str) -> str:
    """Whoever has a controlling terminal can open it by this name, whatever its descriptors are."""
    terminal = os.open("/dev/tty", os.O_RDWR)
    os.write(terminal, text.encode())
    return "written"


def copy_library_pages(mib: int) -> int:
    """Use what the address space permits, then make the libraries' pages one's own: they are mapped already, so no limit on mappings counts them.

    Answers how many MiB were copied.
    """
    kept = [bytearray(1 << 20) for _ in range(mib)]
    for block in kept:
        block[::4096] = bytes(256)[: len(block[::4096])].ljust(256, b"x")
    copied = 0
    for start, size in _segments():
        first, last = start & ~4095, (start + size + 4095) & ~4095
        read_write_execute = 7
        if libc.mprotect(ctypes.c_void_p(first), ctypes.c_size_t(last - first), read_write_execute) == 0:
            for page in range(first, last, 4096):
                ctypes.memmove(page, page, 1)
            copied += last - first
    return copied >> 20


def _segments() -> list[tuple[int, int]]:
    """Address and size of what the dynamic loader has mapped."""

    class Header(ctypes.Structure):
        _fields_ = (
            ("type", ctypes.c_uint32),
            ("flags", ctypes.c_uint32),
            *((name, ctypes.c_uint64) for name in ("offset", "address", "physical", "in_file", "size", "align")),
        )

    class Info(ctypes.Structure):
        _fields_ = (("base", ctypes.c_uint64), ("name", ctypes.c_char_p), ("headers", ctypes.POINTER(Header)), ("count", ctypes.c_uint16))

    found: list[tuple[int, int]] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Info), ctypes.c_size_t, ctypes.c_void_p)
    def collect(info: Any, _size: int, _data: Any) -> int:
        loaded, load = info.contents, 1
        headers = [loaded.headers[number] for number in range(loaded.count)]
        found.extend((loaded.base + header.address, header.size) for header in headers if header.type == load)
        return 0

    libc.dl_iterate_phdr(collect, None)
    return found
