"""The memory of this process, given back where the allocator would keep it."""

import ctypes
import gc
from contextlib import suppress


def give_back() -> None:
    """Hand to the system what was freed and is kept for later: before a long rest. About 20 ms.

    The C library of Linux (glibc) does so only for the end of its heap, and there is nearly always something
    small at that end. Elsewhere nothing is done.
    """
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # another C library, or none that can be asked
        ctypes.CDLL(None).malloc_trim(0)
