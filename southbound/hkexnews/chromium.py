"""How a headless Chromium is set up: its flags, its programs and its folder."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from selenium.webdriver import ChromeOptions, ChromeService

FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def options(binary: str | Path | None, *flags: str) -> ChromeOptions:
    """Options with these flags beside the usual ones; without a `binary`, the one on the PATH."""
    chosen = ChromeOptions()
    for flag in (*FLAGS, *flags):
        chosen.add_argument(flag)
    if os.geteuid() == 0:
        chosen.add_argument("--no-sandbox")
    found = binary or _on_the_path("chromium", "google-chrome", "chromium-browser")
    if found:
        chosen.binary_location = str(found)
    return chosen


def service(driver: str | Path | None, folder: Path, **popen: Any) -> ChromeService:
    """The driver, or the one on the PATH, which with its Chromium writes into `folder` alone.

    Args:
        driver: the program; without one on the PATH either, Selenium looks for it.
        folder: from `short_folder`.
        popen: further arguments of `subprocess.Popen`.
    """
    found = driver or _on_the_path("chromedriver")
    environment = {**os.environ, "TMPDIR": str(folder)}
    return ChromeService(executable_path=str(found) if found else None, popen_kw=popen, env=environment)


def short_folder() -> Path:
    """A new folder for all that Chromium writes, for the caller to remove.

    Chromium makes a socket in it, 56 characters further down, and the path of a socket has at most 104.
    """
    usual_is_short = len(tempfile.gettempdir()) <= 20
    return Path(tempfile.mkdtemp(prefix="southbound-", dir=None if usual_is_short else "/tmp"))  # noqa: S108


def _on_the_path(*names: str) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)
