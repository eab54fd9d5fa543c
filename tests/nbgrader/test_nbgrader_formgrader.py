"""The formgrader over a graded course, in a real, headless Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader_commands import ASSIGNMENT, BIN, gradebook, read
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

QUIET = ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-dev-shm-usage", "disable-background-networking")
PATIENCE = 120


@pytest.fixture(scope="module")
def marked_course(warm_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded course in which a teacher has commented on a cell."""
    course = Path(shutil.copytree(warm_course, tmp_path_factory.mktemp("formgrader") / "course"))
    gradebook(course, "mark", ASSIGNMENT, "warns", "kl", "kl_gradient", 5.5, 0.25, "Please be careful.")
    return course


@pytest.fixture(scope="module")
def server(marked_course: Path) -> Iterator[str]:
    """A Jupyter server in the course folder; its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token="]
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(marked_course.parent / "jupyter")}
    with (marked_course.parent / "server.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603  # our own command
            [str(BIN / "jupyter"), "server", *options], cwd=marked_course, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(PATIENCE * 4):
            time.sleep(0.25)
            try:
                urllib.request.urlopen(f"{address}/api").close()  # noqa: S310  # our own server
                break
            except OSError:
                assert process.poll() is None, (marked_course.parent / "server.log").read_text()
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium, "Chromium and its driver are needed to test the formgrader. On Debian: apt-get install chromium chromium-driver"
    assert driver, "Chromium's driver is needed to test the formgrader. On Debian: apt-get install chromium-driver"
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    with tempfile.TemporaryDirectory(prefix="formgrader-", ignore_cleanup_errors=True) as profile:
        for argument in (*QUIET, f"user-data-dir={profile}", "window-size=1280,2400"):
            options.add_argument(f"--{argument}")
        chrome = webdriver.Chrome(options=options, service=Service(driver, log_output=os.devnull))
        chrome.set_page_load_timeout(PATIENCE)
        yield chrome
        chrome.quit()


def open_submission(browser: webdriver.Chrome, server: str, course: Path, student: str) -> str:
    """Open a student's notebook as a grader sees it, wait until its scores are in, and return the text of the page."""
    identity = read(course)[student]["notebooks"]["kl"]["id"]
    browser.get(f"{server}/formgrader/submissions/{identity}/")
    WebDriverWait(browser, PATIENCE).until(lambda _: browser.find_elements(By.CSS_SELECTOR, "input.score"))
    WebDriverWait(browser, PATIENCE).until(
        lambda _: all(box.get_attribute("placeholder") for box in browser.find_elements(By.CSS_SELECTOR, "input.score"))
    )
    return browser.find_element(By.TAG_NAME, "body").text


def test_scores_feedback_and_comments_are_visible(browser, server, marked_course, tmp_path):
    page = open_submission(browser, server, marked_course, "warns")
    boxes = browser.find_elements(By.CSS_SELECTOR, "input.score")
    assert [float(box.get_attribute("placeholder")) for box in boxes] == [4.5, 6.0, 4.0, 5.5]
    assert float(boxes[1].get_attribute("value")) == 5.5
    assert "kl_gradient_formula" in page
    comments = [box.get_attribute("value") for box in browser.find_elements(By.CSS_SELECTOR, "textarea.comment")]
    assert "Please be careful." in comments
    assert browser.save_screenshot(str(tmp_path / "submission.png"))
    assert (tmp_path / "submission.png").stat().st_size > 20_000


def test_the_class_is_listed_with_its_scores(browser, server, tmp_path):
    browser.get(f"{server}/formgrader/gradebook/{ASSIGNMENT}/kl")
    WebDriverWait(browser, PATIENCE).until(lambda _: "20 / 20" in browser.find_element(By.TAG_NAME, "body").text)
    assert browser.save_screenshot(str(tmp_path / "class.png"))
    browser.get(f"{server}/formgrader/manage_submissions/{ASSIGNMENT}")
    WebDriverWait(browser, PATIENCE).until(lambda _: "110 / 100" in browser.find_element(By.TAG_NAME, "body").text)


def test_markup_in_a_students_notebook_and_errors_does_nothing(browser, server, marked_course):
    page = open_submission(browser, server, marked_course, "markup")
    assert "<script>" in page
    time.sleep(1)  # an image that cannot be loaded would have told its handler by now
    assert "owned" not in browser.title
    links = [link.get_attribute("href") or "" for link in browser.find_elements(By.CSS_SELECTOR, "a")]
    assert not [link for link in links if link.startswith("javascript:document")]
