"""The same when an ordinary user grades: no change of user id is possible then, and the other layers must hold alone.

As root this needs mount name spaces: Python often lives in root's home, which only a bind mount can show to somebody else. Started by an ordinary
user, the test grades as that user.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import classroom
import pytest

ORDINARY = 54321
# A choice over all categories, without those that take long.
SELECTION = [
    attack
    for attack in classroom.ATTACKS
    if attack.startswith(("escape/", "leaks/", "secrets/"))
    or attack in ("forging/forged_reply", "forging/closed_socket", "resources/forks_and_threads", "resources/three_gibibytes", "autograd/grad")
]
IS_ROOT = os.geteuid() == 0


def as_ordinary_user(folder: Path, command: list[str]) -> list[str]:
    """The command, as root: run by an ordinary user, for whom every closed folder on the way to Python shows Python and nothing else."""
    script = ["set -e", "mount --make-rprivate /"]
    for number, place in enumerate(sorted({Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), Path(classroom.HERE).parents[1]})):
        closed = [parent for parent in reversed(place.parents) if not parent.stat().st_mode & 0o001]
        if closed:
            kept, cover, home = shlex.quote(str(folder / f"kept-{number}")), shlex.quote(str(closed[0])), shlex.quote(str(place))
            script += [
                f"mkdir {kept}",
                f"mount --bind {home} {kept}",
                f"mount -t tmpfs -o mode=755 none {cover}",
                f"mkdir -p {home}",
                f"mount --bind {kept} {home}",
            ]
    script.append(shlex.join(["exec", "setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", *command]))
    return ["unshare", "--mount", "sh", "-c", "\n".join(script)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    base = tmp_path_factory.mktemp("ordinary")
    for parent in (base, *base.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)
    submissions = base / "class"
    submissions.mkdir()
    for attack in SELECTION:
        classroom.lay(submissions / attack.replace("/", "-"), attack)
    classroom.lay(submissions / "clean", None)
    canaries = classroom.Canaries(base)
    command = [
        sys.executable,
        "-B",
        "-c",
        "from grader.cli import main; main()",
        "run",
        str(submissions),
        "-o",
        str(base / "out" / "results-here"),
        "-j",
        "2",
    ]
    (base / "out").mkdir()
    if IS_ROOT:
        os.chown(base / "out", ORDINARY, ORDINARY)
        command = as_ordinary_user(base, command)
    with canaries.watch() as environment:
        environment["HOME"] = str(base / "out")
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603  # our own command
    assert done.returncode == 0, done.stdout + done.stderr
    assert canaries.harmed == []
    found = [json.loads(path.read_text(encoding="utf-8")) for path in (base / "out" / "results-here" / "results").glob("*.json")]
    return {result["submission"]: result for result in found}


@pytest.mark.parametrize("attack", SELECTION)
def test_the_attack_is_held_without_a_user_id_of_its_own(results: dict[str, dict[str, Any]], attack: str) -> None:
    assert classroom.findings(results[attack.replace("/", "-")], classroom.expected(attack)) == []


def test_the_layers_are_those_of_an_ordinary_user(results: dict[str, dict[str, Any]]) -> None:
    assert "uid" not in results["clean"]["isolation"]
    assert {"landlock", "seccomp", "rlimits", "no-new-privs", "capabilities"} <= set(results["clean"]["isolation"])


def test_clean_work_gets_every_point(results: dict[str, dict[str, Any]]) -> None:
    assert (results["clean"]["score"], results["clean"]["bonus"]) == (100.0, 10.0)
