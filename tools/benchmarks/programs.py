"""Our programs, run apart so that what they take can be measured."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def running(command: list[str], environment: Mapping[str, str], folder: Path) -> Iterator[psutil.Process]:
    """One of our programs, in a folder of its own; what it says is of no concern."""
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it has started."""
    return [process, *process.children(recursive=True)]
