"""What the tests have another process do; it imports no more than this."""

import logging
import os
import signal
import time
from pathlib import Path
from typing import NoReturn

from southbound.common.errors import DamagedKey


def doubled(numbers: list[int]) -> tuple[int, list[int]]:
    print("this is no answer")  # noqa: T201
    logging.getLogger("southbound.made_up").warning("two of %s", "each")
    logging.getLogger("southbound.made_up").debug("not that")
    return os.getpid(), [2 * number for number in numbers]


def damaged() -> NoReturn:
    raise DamagedKey("southbound:dates", "it is a hash")


def not_portable() -> NoReturn:
    raise ValueError(lambda: None)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def slow(folder: str) -> None:
    (Path(folder) / "pid").write_text(str(os.getpid()))
    time.sleep(60)
