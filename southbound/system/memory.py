"""The memory of this process, given back where the allocator would keep it."""

import ctypes
import gc
import os
from contextlib import suppress


def give_back() -> None:
    """Hand to the system what was freed and is kept for later: before a long rest. About 20 ms.

    The C library of Linux (glibc) does so only for the end of its heap, and there is nearly always something
    small at that end. Elsewhere nothing is done.
    """
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # another C library, or none that can be asked
        ctypes.CDLL(None).malloc_trim(0)


def look_for_cycles_rarely() -> None:
    """For a process that holds much and makes few cycles. What was just made is looked at as often as before.

    With ten years of holdings in it a look at everything takes 0.15 s, in which no page is drawn; by Python's
    own setting one comes every twenty reruns.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 200)


M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # from malloc.h


def keep_little() -> None:
    """For a process that rests nearly always: what it frees goes back to the system at once. glibc alone.

    One heap for all threads, and a piece of memory of its own for each large text: after the first such text
    glibc would take them from the heap, whose holes stay. Costs some time where large arrays come and go.
    Arrow, if it is not loaded yet, takes its memory there too, and not in an allocator of its own.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_THRESHOLD, 128 * 1024)
