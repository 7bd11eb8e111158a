"""A Chromium that looks at our own pages: for the tests and the pictures in docs/."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from selenium.webdriver import Chrome

from southbound.hkexnews import chromium_process
from southbound.hkexnews.profile_folder import Folder


@contextmanager
def viewer(
    width: int = 1400, height: int = 1000, *, dark: bool = False, arguments: Sequence[str] = ()
) -> Iterator[Chrome]:
    """A browser window of that size in CSS pixels, in light or dark mode, started with more arguments.

    Uses CHROME_BINARY and CHROMEDRIVER like the scraper, else what is on the PATH.
    """
    launch = chromium_process.Ways(os.environ.get("CHROME_USER", chromium_process.NOBODY)).best()
    with closing(Folder(launch.user)) as folder:
        options = chromium_process.options(
            os.environ.get("CHROME_BINARY"), launch, folder, "--hide-scrollbars", *arguments
        )
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = Chrome(
            options=options, service=chromium_process.service(os.environ.get("CHROMEDRIVER"), folder)
        )
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
