"""`grade visualize` opens the page in the reader's browser, or says where it is."""

import subprocess
import sys
from pathlib import Path

from grader.release import page_path

GRADE = str(Path(sys.executable).with_name("grade"))


def visualize(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [GRADE, "visualize", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603  # our own command


def test_the_path_is_that_of_the_page():
    done = visualize("--print-path")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{page_path()}\n", "")
    assert page_path().read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_is_handed_to_the_browser(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', encoding="utf-8")
    browser.chmod(0o755)
    done = visualize(BROWSER=f"{browser} %s", PATH="/usr/bin:/bin")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{page_path()}\n", "")
    assert (tmp_path / "opened").read_text(encoding="utf-8") == f"{page_path().as_uri()}\n"


def test_without_a_browser_the_path_is_still_told():
    done = visualize(PATH="/nowhere")
    assert (done.returncode, done.stdout) == (0, f"{page_path()}\n")
    assert "open that file" in done.stderr
