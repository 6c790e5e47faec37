"""A real Chromium for the tests of what people see in a browser.

WebDriver, because Debian builds the driver together with the browser: the two always fit. The driver is named by its
path, so Selenium downloads nothing.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

PAGE_LOAD_SECONDS = 30

# A browser that shows our pages and talks to nobody: no updates, no component downloads, no reports.
FLAGS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    "--lang=en-US",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-sandbox",  # root and most containers cannot have one, and we open nothing but our own pages
)


@contextmanager
def chromium_page(width: int, height: int) -> Iterator[Chrome]:
    """A new browser without any state, its viewport `width` x `height` CSS pixels, closed at the end.

    Skips the test where Chromium or its driver is missing; fails it in CI (CI=true), where nothing may be skipped.
    """
    chromium, driver = _installed("chromium"), _installed("chromedriver")
    with tempfile.TemporaryDirectory(prefix="hypervigil-browser-", ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        page = Chrome(options=options, service=Service(executable_path=driver))
        try:
            page.set_page_load_timeout(PAGE_LOAD_SECONDS)
            # A window is never narrower than 500 pixels and holds more than the page: only this sets the page's size.
            viewport = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", viewport)
            yield page
        finally:
            page.quit()


def console_errors(page: Chrome) -> list[str]:
    """What the console got at level SEVERE since the last call: script errors, failed loads, refused policies."""
    return [entry["message"] for entry in page.get_log("browser") if entry["level"] == "SEVERE"]


def emulate(page: Chrome, *, media: str = "", color_scheme: str = "") -> None:
    """Make the page see a medium (`print`, `screen`) and a colour scheme (`dark`, `light`); empty: its own."""
    features = [{"name": "prefers-color-scheme", "value": color_scheme}] if color_scheme else []
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})


def _installed(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        missing = f"{program} is not installed (on Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return path
