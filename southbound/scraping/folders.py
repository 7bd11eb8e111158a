"""The folders that people put files into, as the settings name them."""

from datetime import date
from functools import partial

from southbound.config.settings import Settings
from southbound.scraping.folder_reader import FolderReader
from southbound.scraping.import_folder import ImportFolder
from southbound.scraping.price_files import PriceFiles
from southbound.scraping.watched_folder import WatchedFolder
from southbound.store.folder_status import FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import StatusBoard


class Folders:
    """Their readers.

    Args:
        settings: which folders there are, and the thresholds of validation.
        store: written under the scraper's lock.
        board: of the scraper.

    Attributes:
        readers: one for each folder.
    """

    def __init__(self, settings: Settings, store: HoldingsStore, board: StatusBoard) -> None:
        self.readers: list[FolderReader] = []
        self._prices = PriceFiles(store.market_figures, store.turn)

        def tell(field: str, status: FolderStatus) -> None:
            board.note(**{field: status})

        if settings.prices.folder is not None:
            folder = WatchedFolder(settings.prices.folder)
            told = partial(tell, "price_files")
            self.readers.append(
                FolderReader(folder, self._prices.take, told, self._prices.to_compare, store.version)
            )
        if settings.imports.folder is not None:
            take = ImportFolder(store, settings.scraper).take
            folder = WatchedFolder(settings.imports.folder)
            self.readers.append(
                FolderReader(folder, take, partial(tell, "import_files"), version=store.version)
            )

    def heard(self, source: str, day: date) -> None:
        """Figures of a source were stored: frames that have others are compared with them anew."""
        if source == "prices":
            self._prices.official_came(day)
