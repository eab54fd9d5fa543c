"""Attacks from inside a child: all held with every layer on, as root and as an ordinary user, and without the optional layers."""

from __future__ import annotations

import errno
import os
import platform
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from boxes import USERS, Box

from grader.sandbox import jail, seccomp
from grader.sandbox.readable import PACKAGE

# "view" and "cgroup" are what a container or a hardened system takes away.
SETTINGS = [(user, without) for user in USERS for without in ((), ("view", "cgroup"))]


@pytest.fixture(params=SETTINGS, ids=lambda setting: f"{setting[0]}{'-bare' if setting[1] else ''}")
def jailed(request: pytest.FixtureRequest, box: Callable[..., Box]) -> Box:
    user, without = request.param
    opened = box(user, set(without))
    assert opened.refused is None
    return opened


def test_a_child_passes_the_inspection_from_outside(jailed: Box) -> None:
    answer = jailed.attack("honest_work")
    assert answer["verified"] is None
    assert answer["session"] == answer["pid"]
    assert {"landlock", "seccomp", "rlimits", "no-new-privs", "capabilities"} <= set(jailed.layers)


@pytest.mark.parametrize(
    ("attack", "name"),
    [
        ("read_file", "secret.txt"),
        ("list_directory", ""),
        ("write_file", "new.txt"),
        ("write_file", "secret.txt"),
        ("create_empty_file", "new.txt"),
        ("truncate_file", "secret.txt"),
        ("change_mode", "secret.txt"),
        ("change_times", "secret.txt"),
        ("make_symlink", "new"),
        ("make_directory", "new"),
        ("rename_file", "secret.txt"),
        ("remove_file", "secret.txt"),
        ("execute", "secret.txt"),
        ("send_to_named_socket", "socket"),
    ],
)
def test_files_outside_can_be_neither_read_nor_changed(jailed: Box, playground: Path, attack: str, name: str) -> None:
    before = (playground / "secret.txt").stat()
    assert jailed.held(attack, str(playground / name)) in {"PermissionError", "FileNotFoundError", "OSError"}
    assert [entry.name for entry in playground.iterdir()] == ["secret.txt"]
    after = (playground / "secret.txt").stat()
    assert (after.st_size, after.st_mode, after.st_mtime_ns) == (before.st_size, before.st_mode, before.st_mtime_ns)


@pytest.mark.parametrize("place", ["/", "/etc", "/home", "/root", "/tmp", "/proc", "/proc/self/fd", "/sys", "/dev", "/var", "/run", "/opt"])  # noqa: S108
def test_directories_that_are_not_pythons_cannot_be_listed(jailed: Box, place: str) -> None:
    answer = jailed.attack("list_directory", place)
    if "value" in answer:  # the view's own root and /dev hold Python's parents and two devices, landlock closes what it can
        pytest.fail(f"{place} shows {answer['value']}")


@pytest.mark.parametrize("name", ["/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/self/maps", "/proc/1/cmdline", "/proc/self/mem"])
def test_system_files_that_are_not_pythons_cannot_be_read(jailed: Box, name: str) -> None:
    jailed.held("read_file", name)


def test_the_graders_own_package_cannot_be_read(jailed: Box, house: Path) -> None:
    for package in (house / "grader", PACKAGE):
        jailed.held("read_file", str(package / "errors.py"))
        jailed.held("list_directory", str(package))


def test_nothing_can_be_written_anywhere_python_lives(jailed: Box) -> None:
    for place in (Path(os.__file__).parent, Path(sys.prefix) / "lib", "/usr/lib", "/dev", "/dev/shm", "/"):  # noqa: S108
        jailed.held("create_empty_file", str(Path(place) / "intruder"))
        jailed.held("make_directory", str(Path(place) / "intruder"))


def test_no_network_is_reached(jailed: Box) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        jailed.held("connect", server.getsockname()[1])
    for attack in ("make_socket", "pass_descriptor"):
        assert jailed.held(attack) == "PermissionError"


def test_no_process_is_made(jailed: Box) -> None:
    for attack, *arguments in (("fork",), ("execute", "/bin/true"), ("clone_with", 0), ("clone_with", signal.SIGCHLD), ("new_user_space",)):
        assert jailed.held(attack, *arguments) in {"PermissionError", "FileNotFoundError"}


def test_no_process_is_signalled_traced_or_read(jailed: Box) -> None:
    for victim in (jailed.pid, os.getpid(), 1):
        for number in (0, signal.SIGTERM, signal.SIGKILL):
            jailed.held("kill", victim, number)
        jailed.held("kill_by_descriptor_owner", victim)
        jailed.held("trace", victim)
        jailed.held("read_memory", victim, jailed.address, 36)
    jailed.held("kill", -1, signal.SIGKILL)
    jailed.held("kill", 0, signal.SIGKILL)


def test_no_privilege_comes_back(jailed: Box) -> None:
    for attack in ("become_root", "raise_limit", "unset_death_signal", "become_dumpable", "mount_tmpfs"):
        assert jailed.held(attack) in {"PermissionError", "ValueError", "OSError"}


def test_memory_threads_and_descriptors_end_at_the_limit_without_harm_to_others(jailed: Box) -> None:
    assert jailed.held("use_memory", 400) == "MemoryError"
    assert jailed.held("use_descriptors", 65) == "OSError"
    assert jailed.attack("use_memory", 200)["value"] == "used 200"
    assert jailed.attack("use_descriptors", 50)["value"] == 50


def test_every_call_that_the_table_does_not_name_is_refused_by_the_kernel(jailed: Box) -> None:
    column = ("x86_64", "aarch64").index(platform.machine())
    named = {numbers[column] for numbers in (*seccomp.ALLOWED.values(), *seccomp.TRIED.values())}
    named |= {rule.numbers[column] for rule in seccomp.CONDITIONAL.values()}
    # The kernel lets these two pass without asking a filter: they only serve its own breakpoints, and end any other process that makes them.
    breakpoints = {335, 336} if platform.machine() == "x86_64" else set()
    others = [number for number in range(520) if number not in named | breakpoints]
    assert set(jailed.attack("raw_errors", others)["value"].values()) == {errno.EPERM}
    tried = [numbers[column] for numbers in seccomp.TRIED.values()]
    assert set(jailed.attack("raw_errors", tried)["value"].values()) == {errno.ENOSYS}


def test_calls_through_the_32_bit_entry_end_the_child(jailed: Box) -> None:
    if platform.machine() == "x86_64":
        assert jailed.attack("call_32_bit")["exit"] == -signal.SIGSYS


def test_threads_pipes_event_loops_and_lazy_imports_work(jailed: Box) -> None:
    assert jailed.attack("honest_work")["value"] == "thread"


@pytest.mark.parametrize("user", USERS[:1])
def test_numpy_torch_and_scipy_work(box: Callable[..., Box], user: str) -> None:
    opened = box(user, preload=("numpy", "numpy.random", "torch"), memory_mib=1024)
    assert opened.attack("numerical_work")["value"] == "0.0"


def test_a_child_dies_with_its_zygote(house: Path) -> None:
    for user in USERS:
        opened = Box(house, user, frozenset(), (), 256, "")
        child = opened.start("outlive")
        opened.kill()
        deadline = time.monotonic() + 20
        while _alive(child):
            assert time.monotonic() < deadline, "the child lives on"
            time.sleep(0.01)


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("user", USERS)
def test_children_of_root_have_an_uid_each_and_others_say_that_they_share_one(box: Callable[..., Box], user: str) -> None:
    assert ("uid" in box(user).layers) is (user == "root")


def test_survey_names_every_layer_once_and_gives_a_fix_for_what_is_missing() -> None:
    reports = jail.survey()
    assert [report.name for report in reports] == list(jail.Layer)
    for report in reports:
        assert report.present or (report.why and (report.fix or not report.required))


def test_the_inspection_finds_a_process_that_is_not_locked_down() -> None:
    everything = [layer.value for layer in jail.Layer]
    assert jail.verify_child(os.getpid(), everything) is not None
    assert "cannot be read" in str(jail.verify_child(2**22 + 1, everything))
