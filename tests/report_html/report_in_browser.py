"""A headless Chromium for the pages."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

MISSING = "Chromium and its driver are needed to test the pages, and are not here. On Debian: apt-get install chromium chromium-driver"
QUIET = ("headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-dev-shm-usage", "disable-background-networking", "disable-extensions")


class Browser:
    """A headless Chromium that tells what a page asked for and complained about."""

    def __init__(self, profile: Path) -> None:
        browser, driver = (shutil.which(name) for name in ("chromium", "chromedriver"))
        assert browser, MISSING
        assert driver, MISSING
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for argument in (*QUIET, f"user-data-dir={profile}"):
            options.add_argument(f"--{argument}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver, log_output=os.devnull))

    def open(self, page: Path, width: int = 1200, scheme: str = "light") -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.driver.get("about:blank")
        self.requests()
        self.complaints()
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def complaints(self) -> list[str]:
        """What the console says since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Every address that was asked for since it was last asked, without what the page's own policy stopped."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        failed = [event["params"] for event in events if event["method"] == "Network.loadingFailed"]
        stopped = {event["requestId"] for event in failed if event.get("blockedReason") == "csp"}
        sent = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [event["request"]["url"] for event in sent if event["requestId"] not in stopped]
