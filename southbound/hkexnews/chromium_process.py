"""A headless Chromium on this machine: its programs, and the user that they run as."""

import logging
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from selenium.webdriver import ChromeOptions, ChromeService

from southbound.common.errors import BrowserError
from southbound.common.remark import remark
from southbound.hkexnews.launch import FLAGS, Launch, User, environment, launches, warning
from southbound.hkexnews.profile_folder import Folder, may_run
from southbound.system.system_user import is_root

log = logging.getLogger(__name__)

NOBODY = "nobody"


def options(binary: str | Path | None, launch: Launch, folder: Folder, *flags: str) -> ChromeOptions:
    """Options with these flags beside the usual ones; without a `binary`, the one on the PATH."""
    chosen = ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={folder.inside / 'profile'}", *flags):
        chosen.add_argument(flag)
    if not launch.sandbox:
        chosen.add_argument("--no-sandbox")
    # The driver lets every page open windows, and logs what they write to their consoles.
    chosen.add_experimental_option("excludeSwitches", ["disable-popup-blocking", "enable-logging"])
    found = binary or _on_the_path("chromium", "google-chrome", "chromium-browser")
    if found:
        chosen.binary_location = str(found)
    return chosen


def service(driver: str | Path | None, folder: Folder, **popen: Any) -> ChromeService:
    """The driver, or the one on the PATH, which with its Chromium writes into `folder` alone.

    Args:
        driver: the program; without one on the PATH either, Selenium looks for it.
        folder: what `Folder.close` finds all its processes by; they run as its user.
        popen: further arguments of `subprocess.Popen`.
    """
    found = driver or _on_the_path("chromedriver")
    # The certificates that its user has imported are in the home folder.
    home = os.environ.get("HOME", "") if folder.user is None else ""
    return ChromeService(
        executable_path=str(found) if found else None,
        log_output=folder.log,
        popen_kw={**popen, **_as(folder.user)},
        env=environment(os.environ, str(folder.inside), home if os.path.isdir(home) else None),  # noqa: PTH112
    )


class Ways:
    """The ways to start Chromium here, the safest first; what cannot work is tried once, not each time.

    Args:
        user: the name of the user whom root becomes for it.
    """

    def __init__(self, user: str) -> None:
        self._user = user
        self._left: list[Launch] = []
        self._warned = False

    def best(self) -> Launch:
        """The way to try.

        Raises:
            BrowserError: there is no user of that name.
        """
        if not self._left:
            root = is_root()
            self._left = list(launches(root=root, other=_other(self._user) if root else None))
        return self._left[0]

    def drop(self) -> bool:
        """The best way cannot work. Whether there is another."""
        if len(self._left) == 1:
            return False
        del self._left[0]
        return True

    def warn(self) -> None:
        """Say, once, what is unsafe about the way that works."""
        text = warning(self.best(), root=is_root())
        if text and not self._warned:
            log.warning("%s", text)
        self._warned = True


def _other(name: str) -> User | None:
    """The user of that name; None if we cannot become that one, as in some containers."""
    if sys.platform == "win32":
        return None
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        found = pwd.getpwnam(name)
    except KeyError:
        if name == NOBODY:
            return None
        raise BrowserError(
            remark(
                "there is no user {name}: [scraper] chrome_user names one without rights", name=f"{name!r}"
            )
        ) from None
    if found.pw_uid == 0:
        raise BrowserError(
            remark(
                "the user {name} is root: [scraper] chrome_user names one without rights", name=f"{name!r}"
            )
        )
    user = User(name, found.pw_uid, found.pw_gid)
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(["true"], check=True, **_as(user))  # noqa: S607 - tried, as there are many reasons
        return user
    return None


def _as(user: User | None) -> dict[str, Any]:
    """The arguments of `subprocess.Popen` for running as that user."""
    return {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}


def let_start_nothing(process: psutil.Process, user: User | None) -> None:
    """Let a process start no process or thread from now on (Linux; not one of root's, whom no limit holds).

    Args:
        process: which; what it has started already goes on.
        user: whose it is; None for ourselves.
    """
    if sys.platform != "linux":
        return
    try:
        process.rlimit(psutil.RLIMIT_NPROC, (0, 0))
    except psutil.AccessDenied:
        # In a container root may not do what the process's own user may.
        command = ["prlimit", "--pid", str(process.pid), "--nproc=0:0"]
        with suppress(OSError):
            subprocess.run(command, check=False, capture_output=True, **_as(user))  # noqa: S603


def check_program(program: str | Path, user: User | None) -> None:
    """Raises BrowserError if that user cannot run a program that we can."""
    if user is not None and not may_run(Path(program).resolve(), user):
        raise BrowserError(
            remark(
                "{program} cannot be run by the user {name}, whom root becomes for it: install it where "
                "everybody can, or run the scraper as a user of its own (docs/operations.md)",
                program=program,
                name=f"{user.name!r}",
            )
        )


def _on_the_path(*names: str) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)
