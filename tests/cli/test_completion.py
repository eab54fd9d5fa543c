"""Shell completion, by the very lines that docs/desk.md tells people to add."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DESK = Path(__file__).resolve().parents[2] / "docs" / "desk.md"
WITH_GRADE = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def documented(shell: str) -> str:
    (lines,) = re.findall(rf"^```{shell}\n(.*?)^```$", DESK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return lines


def run(script: str, home: Path) -> str:
    command = ["bash", "--norc", "-c", script]
    environment = WITH_GRADE | {"HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own documentation


@pytest.mark.parametrize(
    ("words", "completed"),
    [("grade rel", "release"), ("grade run --form", "--format"), ("grade run --format can", "canvas"), ("grade nbgrader pu", "push")],
)
def test_bash_completes_commands_options_and_values(tmp_path: Path, words: str, completed: str) -> None:
    *_, last = words.split()
    script = (
        f'{documented("bash")}\nCOMP_WORDS=({words})\nCOMP_CWORD={len(words.split()) - 1}\n_grade_completion grade {last}\necho "${{COMPREPLY[@]}}"'
    )
    assert run(script, tmp_path).split() == [completed]


def test_what_fish_reads_is_written_where_fish_looks(tmp_path: Path) -> None:
    run(documented("fish"), tmp_path)
    assert "--command grade" in (tmp_path / ".config" / "fish" / "completions" / "grade.fish").read_text(encoding="utf-8")


def test_zsh_is_given_its_completion_system_before_it_is_told_of_the_command() -> None:
    first, second = documented("zsh").splitlines()
    assert "compinit" in first
    assert second == 'eval "$(_GRADE_COMPLETE=zsh_source grade)"'
