"""How a headless Chromium is set up: its flags, its programs, and the folder that all of it belongs to."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from selenium.webdriver import ChromeOptions, ChromeService

from southbound.folder_lock import lock_folder
from southbound.processes import end_users
from southbound.settings import variables
from southbound.system_user import is_root

FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PREFIX = "southbound-chromium-"


def options(binary: str | Path | None, *flags: str) -> ChromeOptions:
    """Options with these flags beside the usual ones; without a `binary`, the one on the PATH."""
    chosen = ChromeOptions()
    for flag in (*FLAGS, *flags):
        chosen.add_argument(flag)
    if is_root():
        chosen.add_argument("--no-sandbox")
    found = binary or _on_the_path("chromium", "google-chrome", "chromium-browser")
    if found:
        chosen.binary_location = str(found)
    return chosen


def service(driver: str | Path | None, folder: "Folder", **popen: Any) -> ChromeService:
    """The driver, or the one on the PATH, which with its Chromium writes into `folder` alone.

    Args:
        driver: the program; without one on the PATH either, Selenium looks for it.
        folder: what `Folder.close` finds all its processes by.
        popen: further arguments of `subprocess.Popen`.
    """
    found = driver or _on_the_path("chromedriver")
    # Without our own settings, which may be secrets: it shows what others have written.
    environment = {name: value for name, value in os.environ.items() if name not in variables()}
    # Windows asks for TEMP or TMP, the others for TMPDIR.
    environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder.path))
    return ChromeService(executable_path=str(found) if found else None, popen_kw=popen, env=environment)


class Folder:
    """A new folder for all that one Chromium writes, held by this process.

    The hold is a lock on the folder, which the system lets go when the process ends, however it ends. So it
    tells an orphan's folder from a living one's, and systemd's tidying of /tmp leaves it alone, too.

    Attributes:
        path: where it is.
    """

    def __init__(self) -> None:
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_parent()))
            lock = lock_folder(self.path)
            if lock is not None:  # else another process has just taken it for an orphan's
                self._lock = lock
                return

    def close(self) -> None:
        """End every process that was started in it, within seconds even if it is frozen, and remove it."""
        _clear(self.path, self._lock)


def end_orphans() -> None:
    """End what is left of every Chromium whose owner was killed. Harmless at any time."""
    for path in _parent().glob(f"{PREFIX}*"):
        lock = lock_folder(path)
        if lock is not None:
            _clear(path, lock)


def _parent() -> Path:
    """Where the folders are.

    Chromium makes a socket in its folder, 56 characters further down, and the path of a socket has at most
    104. Windows has no such sockets, and no /tmp.
    """
    usual = tempfile.gettempdir()
    return Path(usual if sys.platform == "win32" or len(usual) <= 16 else "/tmp")  # noqa: S108


def _clear(path: Path, lock: int) -> None:
    end_users(path)
    if sys.platform == "win32":
        os.close(lock)  # what is open cannot be removed there
        shutil.rmtree(path, ignore_errors=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def _on_the_path(*names: str) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)
