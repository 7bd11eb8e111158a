"""Where the findings of the newest figures lie, for all open pages."""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime

from southbound.common.errors import StoreError
from southbound.queries.findings import Findings
from southbound.queries.shelf import Figures
from southbound.store.names import read_names
from southbound.store.store import HoldingsStore

log = logging.getLogger(__name__)


class Desk:
    """Holds the findings of one edition: when other figures or other names come, others take their place."""

    def __init__(self, store: HoldingsStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._findings: Findings | None = None
        self._named: datetime | None = None

    def findings(self, figures: Figures, names_read: datetime | None = None) -> Findings:
        """What is known of these figures.

        Args:
            figures: the newest.
            names_read: when the scraper read the Chinese names; they are read again when that changes.
        """
        with self._lock:
            held = self._findings
            if held is None or self._named != names_read:
                chinese = self._chinese(held.chinese if held is not None else {})
            elif held.figures is not figures:
                chinese = held.chinese
            else:
                return held
            self._findings, self._named = Findings(figures, chinese), names_read
            return self._findings

    def _chinese(self, known: Mapping[int, str]) -> Mapping[int, str]:
        """The names as they are stored; a store that is away leaves those that were read."""
        try:
            return read_names(self._store.client)
        except StoreError as trouble:
            log.warning("the Chinese names: %s", trouble)
            return known
