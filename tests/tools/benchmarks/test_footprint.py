"""What is said to be held."""

from itertools import chain, repeat
from threading import Event

import psutil

from tools.benchmarks.footprint import Footprint, held, held_together


def test_a_process_holds_its_memory_and_one_that_has_ended_nothing() -> None:
    ourselves, gone = psutil.Process(), psutil.Popen(["true"])
    before = held(ourselves), held_together([ourselves, gone])
    block = bytearray(b"\1" * 50_000_000)
    gone.wait()

    # Threads of other tests may take some at the same time.
    assert 40_000_000 < held(ourselves) - before[0] < 100_000_000
    assert 40_000_000 < held_together([ourselves, gone]) - before[1] < 100_000_000
    assert held_together([gone]) == 0
    del block


def test_a_peak_is_the_most_that_was_seen() -> None:
    looked, seen = Event(), chain([30, 90], repeat(20))

    def look() -> dict[str, int]:
        held_now = next(seen)
        if held_now == 20:
            looked.set()
        return {"dashboard": held_now}

    footprint = Footprint(look)
    with footprint.watching():
        assert looked.wait(5)

    assert footprint.peaks == {"dashboard": 90}
    assert footprint.at_rest(0) == {"dashboard": 20}
