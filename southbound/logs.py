"""Where log lines go: the terminal, and for the scraper a file that is rotated."""

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from southbound.oneline import one_line

LINE = "%(asctime)s %(levelname)-8s %(message)s"
LONGEST_LINE = 4_000
"""Characters of a message."""

FILE_BYTES, FILES_KEPT = 2_000_000, 5


class OneLine(logging.Formatter):
    """A line for each message: what comes from outside cannot write one of its own, or colour the terminal.

    A traceback keeps its lines.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = one_line(record.message, LONGEST_LINE)
        return super().formatMessage(record)


class PrivateFile(RotatingFileHandler):
    """Makes each file for its user alone. One that is there keeps its rights: somebody may have set them."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123


def start_logging(file: Path | None = None) -> None:
    """Log to the terminal, and to `file` if there is one.

    Raises:
        OSError: the file cannot be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if file is not None:
        handlers.append(PrivateFile(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(OneLine(LINE))
    logging.basicConfig(level=logging.INFO, handlers=handlers)
    for chatty in ("urllib3", "httpx2", "selenium", "fontTools", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
