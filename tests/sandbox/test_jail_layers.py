"""No layer is decoration: taken away (with those that overlap it), a named attack succeeds that is held when it alone is put back.

Each case names the attack, the layers that must go before it succeeds at all (the overlap, the layer in question among them), and whom the
grader runs as.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from boxes import IS_ROOT, ORDINARY, USERS, Box

from grader.sandbox import cgroup

BARE = {"view", "cgroup"}


def succeeds_only_without(box: Callable[..., Box], user: str, layer: str, overlap: set[str], attack: str, *arguments: object) -> None:
    """The attack succeeds with `overlap` and `layer` gone, and is held as soon as `layer` is back."""
    open_box = box(user, BARE | overlap | {layer})
    assert open_box.refused is None, open_box.refused
    answer = open_box.attack(attack, *arguments)
    assert "value" in answer, answer
    box(user, BARE | overlap).held(attack, *arguments)


@pytest.mark.parametrize("user", USERS)
def test_without_landlock_a_secret_is_read(box: Callable[..., Box], playground: Path, user: str) -> None:
    succeeds_only_without(box, user, "landlock", set(), "read_file", str(playground / "secret.txt"))


@pytest.mark.parametrize("user", USERS)
def test_without_landlock_a_file_is_emptied(box: Callable[..., Box], playground: Path, user: str) -> None:
    succeeds_only_without(box, user, "landlock", set(), "truncate_file", str(playground / "secret.txt"))


@pytest.mark.parametrize("user", USERS)
def test_without_seccomp_a_process_is_made(box: Callable[..., Box], user: str) -> None:
    succeeds_only_without(box, user, "seccomp", set(), "fork")


@pytest.mark.parametrize("user", USERS)
def test_without_seccomp_a_socket_is_made(box: Callable[..., Box], user: str) -> None:
    succeeds_only_without(box, user, "seccomp", set(), "make_socket")


def test_without_seccomp_modes_and_times_of_files_change(box: Callable[..., Box], playground: Path) -> None:
    """Landlock knows neither. The file must be the child's own: an ordinary grader's, or root's without the layer `uid`."""
    with only_for(playground / "secret.txt", ORDINARY):
        succeeds_only_without(box, "ordinary", "seccomp", set(), "change_mode", str(playground / "secret.txt"))
        succeeds_only_without(box, "ordinary", "seccomp", set(), "change_times", str(playground / "secret.txt"))


@pytest.mark.parametrize("user", USERS)
def test_without_seccomp_and_landlock_the_network_is_reached(box: Callable[..., Box], user: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        succeeds_only_without(box, user, "seccomp", {"landlock"}, "connect", port)
        succeeds_only_without(box, user, "landlock", {"seccomp"}, "connect", port)


def test_without_a_view_the_existence_of_a_file_shows_and_with_it_does_not(box: Callable[..., Box], playground: Path) -> None:
    """The one thing that landlock and seccomp leave open; never its contents."""
    for user in USERS:
        assert box(user, BARE).attack("stat_file", str(playground / "secret.txt"))["value"] == len("the secret")
        assert box(user).held("stat_file", str(playground / "secret.txt")) == "FileNotFoundError"


def test_a_view_alone_hides_a_secret(box: Callable[..., Box], playground: Path) -> None:
    for user in USERS:
        box(user, {"cgroup", "landlock"}).held("read_file", str(playground / "secret.txt"))


def test_a_view_alone_keeps_the_network_away(box: Callable[..., Box]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for user in USERS:
            box(user, {"cgroup", "landlock", "seccomp"}).held("connect", server.getsockname()[1])


@pytest.mark.parametrize("user", USERS)
def test_without_rlimits_memory_is_used_without_end(box: Callable[..., Box], user: str) -> None:
    succeeds_only_without(box, user, "rlimits", set(), "use_memory", 600)


@pytest.mark.parametrize("user", USERS)
def test_without_rlimits_descriptors_and_threads_are_used_without_end(box: Callable[..., Box], user: str) -> None:
    succeeds_only_without(box, user, "rlimits", set(), "use_descriptors", 200)
    if user == "root":  # children of an ordinary grader share its count, whose limit is far higher
        succeeds_only_without(box, user, "rlimits", set(), "use_threads", 100)


@pytest.mark.parametrize("user", USERS)
def test_without_rlimits_a_disk_is_filled(box: Callable[..., Box], playground: Path, user: str) -> None:
    succeeds_only_without(box, user, "rlimits", {"landlock"}, "write_file", str(playground / "new.txt"))


@pytest.mark.parametrize("user", USERS)
def test_where_control_groups_are_writable_they_end_a_memory_hog_by_themselves(box: Callable[..., Box], user: str) -> None:
    opened = box(user, {"view", "rlimits"})
    answer = opened.attack("use_memory", 600)
    if "cgroup" in opened.layers:
        assert answer["exit"] == -signal.SIGKILL
    else:
        assert answer["value"] == "used 600"


def test_without_a_control_group_the_pages_of_libraries_are_copied_beyond_every_other_limit(box: Callable[..., Box]) -> None:
    """Root alone can show it: it takes libraries of hundreds of MiB, which live in the environment of whoever runs this test."""
    grouped = box("root", set(), ("torch",)) if IS_ROOT else None
    if grouped is not None and "cgroup" in grouped.layers:
        allowed_mib = 256 + 64
        answer = box("root", {"cgroup"}, ("torch",)).attack("copy_library_pages", 256)
        assert answer["value"] + 256 > allowed_mib + cgroup.SLACK_MIB
        assert grouped.attack("copy_library_pages", 256)["exit"] == -signal.SIGKILL


def test_the_group_of_a_zygote_goes_with_it(house: Path) -> None:
    for end in (Box.close, Box.kill):
        opened = Box(house, USERS[0], frozenset(), (), 256, "")
        assert bool(groups_of(opened.pid)) is ("cgroup" in opened.layers)
        end(opened)
        assert not groups_of(opened.pid)


def groups_of(pid: int) -> list[Path]:
    return list(Path("/sys/fs/cgroup").rglob(f"{cgroup.PREFIX}{pid}"))


@pytest.mark.parametrize("user", USERS)
def test_without_closed_descriptors_what_the_zygote_had_open_is_read(house: Path, playground: Path, user: str) -> None:
    leak = str(playground / "secret.txt")
    for without, held in ((BARE | {"descriptors"}, False), (BARE, True)):
        opened = Box(house, user, frozenset(without), (), 256, leak)
        answer = opened.attack("read_descriptor", opened.leaked)
        opened.close()
        assert ("value" not in answer) is held, answer


@pytest.mark.parametrize("user", USERS)
def test_without_the_session_layer_a_child_writes_to_the_graders_terminal(house: Path, user: str) -> None:
    for without, held in ((BARE | {"landlock", "session"}, False), (BARE | {"landlock"}, True)):
        ours, theirs = os.openpty()
        opened = Box(house, user, frozenset(without), (), 256, "", terminal=theirs)
        answer = opened.attack("write_to_terminal", "owned")
        assert ("value" not in answer) is held, answer
        if not held:
            assert os.read(ours, 100) == b"owned"
        opened.close()
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("user", USERS)
def test_without_the_death_signal_a_child_outlives_its_zygote(house: Path, user: str) -> None:
    opened = Box(house, user, frozenset(BARE | {"death-signal"}), (), 256, "")
    child = opened.start("outlive")
    opened.kill()
    try:
        assert Path(f"/proc/{child}").exists()
    finally:
        os.kill(child, signal.SIGKILL)


def test_without_not_dumpable_a_process_of_the_same_user_reads_a_childs_environment(box: Callable[..., Box]) -> None:
    """Children of root have an uid each; those of an ordinary grader share theirs, with one another and with all the user runs."""
    as_ordinary = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if IS_ROOT else {}
    for without, held in ((BARE | {"not-dumpable"}, False), (BARE, True)):
        opened = box("ordinary", without)
        child = opened.start("outlive")
        reader = subprocess.run(["/bin/cat", f"/proc/{child}/environ"], capture_output=True, check=False, **as_ordinary)  # noqa: S603 - cat
        os.kill(child, signal.SIGKILL)
        opened.finish()
        assert (reader.returncode != 0) is held


@pytest.mark.parametrize("user", USERS)
def test_without_no_new_privs_a_program_may_gain_privileges(box: Callable[..., Box], playground: Path, user: str) -> None:
    """Landlock and seccomp forbid executing as well. As root the test makes a set-uid program of its own and sees whose file it leaves."""
    overlap = BARE | {"landlock", "seccomp", "capabilities"}
    for without, gains in (({"no-new-privs"}, True), (set(), False)):
        opened = box(user, overlap | without)
        child = opened.start("outlive")
        assert f"NoNewPrivs:\t{int(not gains)}" in Path(f"/proc/{child}/status").read_text(encoding="utf-8")
        os.kill(child, signal.SIGKILL)
        opened.finish()
        if IS_ROOT:
            program, proof = playground / "touch", playground / "proof"
            shutil.copy("/usr/bin/touch", program)
            program.chmod(0o4755)
            proof.unlink(missing_ok=True)
            opened.attack("execute", str(program), str(proof))
            assert (proof.stat().st_uid == 0) is gains


def test_without_an_uid_of_its_own_a_child_reads_what_only_root_may(box: Callable[..., Box], playground: Path) -> None:
    if "root" in USERS:
        with only_for(playground / "secret.txt", 0):
            succeeds_only_without(box, "root", "uid", {"landlock"}, "read_file", str(playground / "secret.txt"))


def test_with_capabilities_a_child_reads_what_only_another_user_may(box: Callable[..., Box], playground: Path) -> None:
    """A zygote keeps what changes a child's uid. Losing root's uid loses that too, and seccomp forbids the call, so these overlap."""
    if "root" in USERS:
        with only_for(playground / "secret.txt", ORDINARY):
            succeeds_only_without(
                box, "root", "capabilities", {"landlock", "seccomp", "uid"}, "read_file_as", ORDINARY, str(playground / "secret.txt")
            )


@contextlib.contextmanager
def only_for(path: Path, uid: int) -> Iterator[None]:
    """The file belongs to a user, and nobody else may read it."""
    path.chmod(0o600)
    if IS_ROOT:
        os.chown(path, uid, uid)
    yield
