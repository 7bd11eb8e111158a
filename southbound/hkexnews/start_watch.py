"""Watches a Chromium that starts: its driver waits a minute also for one that has ended or given up."""

from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil
from selenium.webdriver import ChromeService

from southbound.common.background import BackgroundThread
from southbound.hkexnews.start_failures import is_final

LOOKS_EVERY_SECONDS = 0.05
GONE_FOR_LOOKS, NEVER_SEEN_FOR_LOOKS = 10, 100
"""Looks without a Chromium before it is taken for ended: after there was one, and after one was asked for."""


class StartWatch:
    """Kills the driver as soon as it waits in vain, while the `with` block lasts.

    Args:
        service: the driver.
        said: what it and Chromium have said so far.

    Attributes:
        seen: what was seen of the processes that explains why; empty if nothing.
    """

    def __init__(self, service: ChromeService, said: Callable[[], str]) -> None:
        self._service = service
        self._said = said
        self._ever_seen, self._looks_without = False, 0
        self._asked_for = False
        self._thread = BackgroundThread("start of Chromium", self._look)
        self.seen = ""

    def browser_asked_for(self) -> None:
        """From now on the driver starts a Chromium."""
        self._asked_for = True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._thread.stop()

    def _look(self) -> None:
        if self._thread.stopping.wait(LOOKS_EVERY_SECONDS):
            return
        process = getattr(self._service, "process", None)
        if process is None:
            return
        with suppress(psutil.Error):
            living = bool(self._living(psutil.Process(process.pid)))
            self._ever_seen = self._ever_seen or living
            self._looks_without = 0 if living or not self._asked_for else self._looks_without + 1
        if self._looks_without > (GONE_FOR_LOOKS if self._ever_seen else NEVER_SEEN_FOR_LOOKS):
            self.seen = "Chromium has ended"
        if self.seen or is_final(self._said()):
            process.kill()
            self._thread.stopping.set()

    def _living(self, driver: psutil.Process) -> list[psutil.Process]:
        """What the driver has started and has not ended."""
        living = []
        for process in driver.children():
            status = process.status()
            if status == psutil.STATUS_STOPPED:
                self.seen = f"Chromium is frozen: {process.name()} is stopped"
            if status != psutil.STATUS_ZOMBIE:
                living.append(process)
        return living
