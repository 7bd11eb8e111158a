"""The bar of a backfill, on a real pseudo-terminal."""

import logging
import os
import re
import select
import sys
import termios
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import date

import pytest

from southbound.scraping.progress import bar

assert sys.platform != "win32"  # which has neither such signals nor such users

DAYS = [date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 25)]
WIDTH = 80
END = "\x1f"


class Terminal:
    """What stands on a terminal that our errors, and log lines, go to."""

    def __init__(self) -> None:
        self._ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (24, WIDTH))
        self.stderr = os.fdopen(theirs, "w", encoding="utf-8")

    @contextmanager
    def bar(self, days: list[date]) -> Iterator[Iterable[date]]:
        """`bar`, here."""
        # Not in a fixture: pytest sets its own stream again when the test itself begins.
        with redirect_stderr(self.stderr), bar(days) as shown:
            yield shown

    def written(self) -> str:
        """What was written since the last call."""
        # The kernel hands over what is written bit by bit: it is all there when our own mark is.
        print(END, end="", file=self.stderr, flush=True)
        read = b""
        while not read.endswith(END.encode()):
            assert select.select([self._ours], [], [], 5)[0], read
            read += os.read(self._ours, 65_536)
        return read.decode().removesuffix(END)

    def close(self) -> None:
        self.stderr.close()
        os.close(self._ours)


def lines(written: str) -> list[str]:
    """What can be read of it: a carriage return goes back to the line's beginning, and writes over it."""
    read = []
    for line in written.replace("\r\n", "\n").split("\n"):
        seen = ""
        for part in line.split("\r"):
            seen = part + seen[len(part) :]
        read.append(seen.rstrip())
    return read


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.close()


@pytest.fixture
def log(terminal: Terminal) -> Iterator[logging.Logger]:
    """A log that goes to the terminal, as `start_logging` sets it up."""
    handler = logging.StreamHandler(terminal.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.root.addHandler(handler)
    yield logging.getLogger("southbound.test")
    logging.root.removeHandler(handler)


def test_on_a_terminal_a_bar_is_drawn_and_removed_at_the_end(terminal: Terminal) -> None:
    with terminal.bar(DAYS) as shown:
        days = iter(shown)
        first = next(days)
        drawn = terminal.written()
        rest = list(days)

    assert [first, *rest] == DAYS
    assert re.match(r"backfill: +0%.* 0/3 ", lines(drawn)[-1])
    assert lines(drawn + terminal.written()) == [""]


def test_the_bar_is_removed_when_the_backfill_is_broken_off(terminal: Terminal) -> None:
    with pytest.raises(ConnectionError), terminal.bar(DAYS) as shown:  # noqa: PT012 - both are about its end
        for _ in shown:
            raise ConnectionError

    written = terminal.written()
    assert "backfill" in written
    assert lines(written) == [""]


def test_log_lines_stand_above_the_bar_and_each_on_its_own(terminal: Terminal, log: logging.Logger) -> None:
    handlers = list(logging.root.handlers)

    with terminal.bar(DAYS) as shown:
        for day in shown:
            log.warning("%s", day)
    log.warning("after it")

    written = terminal.written()
    assert "backfill" in written
    assert lines(written) == [*(f"WARNING {day}" for day in DAYS), "WARNING after it", ""]
    assert logging.root.handlers == handlers


def test_a_bar_starts_no_thread(terminal: Terminal) -> None:
    with terminal.bar(DAYS) as shown:
        assert list(shown) == DAYS

    assert "backfill" in terminal.written()
    assert [thread for thread in threading.enumerate() if type(thread).__module__.startswith("tqdm")] == []


@pytest.mark.parametrize("days", [DAYS, []])
def test_without_a_terminal_nothing_is_written(days: list[date], capfd: pytest.CaptureFixture[str]) -> None:
    with bar(days) as shown:
        assert list(shown) == days

    assert capfd.readouterr() == ("", "")


def test_nothing_to_ask_for_leaves_nothing_on_the_terminal(terminal: Terminal) -> None:
    with terminal.bar([]) as shown:
        assert list(shown) == []

    assert lines(terminal.written()) == [""]
