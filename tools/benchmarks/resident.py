"""What processes hold of the memory together, whatever else runs on this machine.

PSS shares a page out among all that have it, strangers too: beside the Chromium of somebody else ours seems
200 MB smaller. Here each page that any of ours has counts once and whole, as on a machine of their own.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

PRESENT, FRAME = np.uint64(1 << 63), np.uint64((1 << 55) - 1)  # from the kernel's pagemap.rst
ENTRY_BYTES = 8


def resident(processes: Iterable[psutil.Process]) -> int | None:
    """The bytes of the pages that they have, each counted once; None where the system does not tell us which.

    Linux tells root alone.
    """
    frames = [part for process in processes for part in _frames(process.pid)]
    if not frames:
        return None
    different = np.unique(np.concatenate(frames))
    if not different[-1]:  # all zeros: a user without that right
        return None
    return len(different) * os.sysconf("SC_PAGE_SIZE")


def _frames(pid: int) -> Iterator[NDArray[np.uint64]]:
    """The numbers of a process's pages in the machine's memory, a mapping at a time."""
    page = os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError), Path(f"/proc/{pid}/pagemap").open("rb", buffering=0) as pagemap:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            addresses, rights, *_ = line.split()
            first, last = (int(address, 16) // page for address in addresses.split("-"))
            # What is only reserved is terabytes of nothing.
            if rights.startswith("---") or line.endswith("[vsyscall]"):
                continue
            told = os.pread(pagemap.fileno(), (last - first) * ENTRY_BYTES, first * ENTRY_BYTES)
            entries = np.frombuffer(told, np.uint64)
            yield entries[entries & PRESENT != 0] & FRAME
