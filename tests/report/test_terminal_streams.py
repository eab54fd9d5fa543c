"""Who listens is of no consequence for grading: a console that nobody can read falls silent."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
from grader.report import terminal
for console in (terminal.stdout(), terminal.stderr()):
    for _ in range(1000):
        console.print("a line of progress " * 20)
open({proof!r}, "w").write("to the end")
"""


@pytest.mark.parametrize("ending", [">/dev/full", "2>/dev/full", ">&-", "2>&-", "<&- >&- 2>&-", "| true", "2>&1 | true"])
def test_a_command_goes_on_to_its_end_where_its_output_goes_nowhere(tmp_path: object, ending: str) -> None:
    proof = os.path.join(str(tmp_path), "proof")  # noqa: PTH118 - for a script's text
    script = f"set -o pipefail; exec 3>&2; \"$0\" -c '{SCRIPT.format(proof=proof).replace(chr(39), chr(34))}' {ending}"
    done = subprocess.run(["bash", "-c", script, sys.executable], capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own script
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    with open(proof, encoding="utf-8") as file:  # noqa: PTH123 - as above
        assert file.read() == "to the end"
