"""The interactive page in a real, headless Chromium, as a reader meets it: fields are typed into, buttons are pressed, what is shown is read."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

MISSING = "Chromium and its driver are needed to test the page, and are not here. On Debian: apt-get install chromium chromium-driver"
QUIET = ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-dev-shm-usage")
QUIET += ("disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions", "force-device-scale-factor=1")


def start(profile: str) -> webdriver.Chrome:
    """Start the browser with a profile folder of its own; fail, and say what to install, where there is none."""
    browser, driver = (shutil.which(name) for name in ("chromium", "chromedriver"))
    assert browser, MISSING
    assert driver, MISSING
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in (*QUIET, f"user-data-dir={profile}"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver, log_output=os.devnull))


class Page:
    """One browser window with the page in it."""

    def __init__(self, path: Path) -> None:
        self.url = path.as_uri()
        self._profile = tempfile.mkdtemp(prefix="page-test-")
        self.driver = start(self._profile)
        self.driver.get("about:blank")
        self.requests()  # the browser's own start page is not the page's doing

    def close(self) -> None:
        self.driver.quit()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, width: int = 1280, scheme: str = "light", motion: str = "reduce", fragment: str = "") -> None:
        """Load the page afresh."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.driver.get("about:blank")
        self.driver.get(self.url + fragment)
        assert self.run("return document.body.dataset.ready") == "true"

    def run(self, script: str, *arguments: object) -> object:
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def press(self, selector: str) -> None:
        """Press a button, a tab, or the visible part of a switch."""
        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        if element.get_attribute("type") in ("radio", "checkbox"):
            element = element.find_element(By.XPATH, "./ancestor::label")
        element.click()

    def type(self, field: str, value: float) -> None:
        """Replace what stands in a number field, as pasting does."""
        self.find(f"#{field}-number").send_keys(Keys.CONTROL, "a")
        self.driver.execute_cdp_cmd("Input.insertText", {"text": repr(value)})

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def quantity(self, name: str) -> float:
        """A number of the table, with all its digits."""
        return float(str(self.run("return document.querySelector(`[data-quantity=${arguments[0]}]`).dataset.value", name)))

    def label(self, name: str) -> str:
        """What stands beside an edge of the graph."""
        return self.text(f"[data-label={name}]")

    def wait(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Wait until something holds; generous, since a busy machine is no bug."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.02)

    def complaints(self) -> list[str]:
        """What the browser's console has to say since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for since this was last called."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
