"""A Chromium that looks at our own pages: for the tests and the pictures in docs/."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@contextmanager
def viewer(width: int = 1400, height: int = 1000, *, dark: bool = False) -> Iterator[Chrome]:
    """A browser window of that size in CSS pixels, in light or dark mode.

    Uses CHROME_BINARY and CHROMEDRIVER like the scraper, else what is on the PATH.
    """
    options = ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    binary = os.environ.get("CHROME_BINARY") or shutil.which("chromium") or shutil.which("google-chrome")
    if binary:
        options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver_path = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    # Chromium does not always remove what it wrote; its folder is short for the socket that it puts there.
    with tempfile.TemporaryDirectory(prefix="viewer-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        service = ChromeService(executable_path=driver_path, env={**os.environ, "TMPDIR": folder})
        driver = Chrome(options=options, service=service)
        try:
            resize(driver, width, height)
            colour_scheme(driver, dark=dark)
            yield driver
        finally:
            driver.quit()


def resize(driver: Chrome, width: int, height: int) -> None:
    """Give the page that many CSS pixels; a window alone cannot be narrower than 500."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def colour_scheme(driver: Chrome, *, dark: bool) -> None:
    """What the page is told of the reader's preference."""
    feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
