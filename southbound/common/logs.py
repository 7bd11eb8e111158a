"""Where log lines go: the terminal, and for the scraper a file that is rotated."""

import logging
import os
import sys
import threading
import traceback
import warnings
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from textwrap import indent
from types import TracebackType
from typing import Any, TextIO

from southbound.common.text import lines, one_line

log = logging.getLogger(__name__)

LINE = "%(asctime)s %(levelname)-8s %(message)s"
LONGEST_LINE = 4_000
"""Characters of a message."""

INDENT = "  "

FILE_BYTES, FILES_KEPT = 2_000_000, 5


class PlainRecord(logging.LogRecord):
    """A message in one line: what comes from outside cannot write one of its own, or speak to the terminal.

    The record and not the formatter takes care of it, since libraries bring handlers of their own. A
    traceback keeps its lines; they are indented, so that none of them looks like a message.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every formatter takes what is there already.
        if self.exc_info and self.exc_info[1] is not None:
            self.exc_text = _indented("".join(traceback.format_exception(self.exc_info[1])))
        if self.stack_info:
            self.stack_info = _indented(self.stack_info)

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        return one_line(super().getMessage(), LONGEST_LINE)


def _indented(text: str) -> str:
    return indent(lines(text.rstrip("\n")), INDENT, lambda _: True)


def keep_logs_plain() -> None:
    """Let every logger of this process, libraries' too, write messages in one line each.

    Warnings, and what ends the process or one of its threads, become messages as well.
    """
    logging.setLogRecordFactory(PlainRecord)
    warnings.showwarning = _log_warning
    sys.excepthook = _log_unexpected
    threading.excepthook = _log_unexpected_in_thread


def _log_warning(  # noqa: PLR0913, PLR0917 - as Python calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    log.warning("%s:%d: %s: %s", filename, lineno, category.__name__, message)


def _log_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, trace)  # Ctrl-C
        return
    log.critical("ended by what was not expected", exc_info=(kind, error, trace))


def _log_unexpected_in_thread(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread else "a thread"
    if ended.exc_value is not None and ended.exc_type is not SystemExit:
        info = (ended.exc_type, ended.exc_value, ended.exc_traceback)
        log.critical("%s ended by what was not expected", name, exc_info=info)


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
    keep_logs_plain()
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if file is not None:
        handlers.append(PrivateFile(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(logging.Formatter(LINE))
    logging.basicConfig(level=logging.INFO, handlers=handlers)
    for chatty in ("urllib3", "httpx2", "selenium", "fontTools", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
