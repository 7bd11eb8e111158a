"""What the store costs: writing and publishing a day, hearing of it, and the bytes that days take."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import cast

from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.clock import seconds
from tools.benchmarks.figures import MEGABYTE, Figure
from tools.benchmarks.stored_days import coming_days, empty_store, fill, filled_store
from tools.waiting import wait_until

WRITES = 31
STORED = 60
TEN_YEARS = 2500
"""Sessions."""

KILOBYTE = 2**10


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` writes a few days alone."""
    runs, stored, ten_years = (3, 5, 50) if smoke else (WRITES, STORED, TEN_YEARS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with filled_store(folder, stored) as store:
            ours, bare = write_seconds(store, runs)
            yield Figure(
                name="a day written and published",
                value=ours,
                runs=runs,
                floor=bare,
                floor_name="SET of the same text",
            )
            yield _heard(store, runs)
        with empty_store(folder / "one") as store:
            bytes_held, text_bytes = held_bytes(store, stored)
            yield Figure(
                name=f"memory of the store for a day, mean of {stored}",
                value=bytes_held / stored / KILOBYTE,
                unit="kB",
                floor=text_bytes / stored / KILOBYTE,
                floor_name="its JSON",
            )
        with empty_store(folder / "ten-years") as store:
            bytes_held, text_bytes = held_bytes(store, ten_years)
            for where, value in {"memory": bytes_held, "file": _file_bytes(store)}.items():
                yield Figure(
                    name=f"{where} of the store for {ten_years:,} days",
                    value=value / MEGABYTE,
                    unit="MB",
                    floor=text_bytes / MEGABYTE,
                    floor_name="their JSON",
                )


def write_seconds(store: HoldingsStore, runs: int, stocks: int | None = None) -> tuple[float, float]:
    """The median seconds in which a new day is stored and published, and of a SET of the same text."""
    ours, bare = [], []
    for _, holdings in zip(range(runs), coming_days(stocks), strict=False):
        text = holdings.to_json()
        bare.append(seconds(partial(store.client.set, "bare", text)))
        ours.append(seconds(partial(store.put, holdings)))
    store.client.delete("bare")
    return median(ours), median(bare)


def held_bytes(store: HoldingsStore, count: int, stocks: int | None = None) -> tuple[int, int]:
    """By how much so many days raise the memory that the store says it uses, and the bytes of their JSON."""
    before = _used(store)
    fill(store, count, stocks)
    after = _used(store)
    with store.client.pipeline(transaction=False) as read:
        for day in store.dates():
            read.strlen(keys.day(day))
        return after - before, sum(read.execute())


def _heard(store: HoldingsStore, runs: int) -> Figure:
    """From the writing of a day until a subscriber has seen it, beside the bare command."""
    notifications, bare = store.notifications(), store.client.pubsub()  # type: ignore[no-untyped-call]
    bare.subscribe("bare")
    bare.get_message(timeout=5)
    notifications.wait(5)

    def plain() -> None:
        store.client.publish("bare", "2026-02-27")
        bare.get_message(timeout=5)

    ours, least = [], []
    for _, holdings in zip(range(runs), coming_days(), strict=False):

        def ring() -> None:
            store.put(holdings)  # noqa: B023 - called in this round
            if not notifications.wait(5):
                raise RuntimeError(f"no notification came for {holdings.day}")  # noqa: B023

        least.append(seconds(plain))
        ours.append(seconds(ring))
    notifications.close()
    bare.close()
    return Figure(
        name="a day written, published and heard of",
        value=median(ours),
        runs=runs,
        floor=median(least),
        floor_name="bare PUBLISH, heard",
    )


def _used(store: HoldingsStore) -> int:
    """Without what the connection of whoever asks takes."""
    known = store.client.info("memory")
    return cast("int", known["used_memory"] - known["mem_clients_normal"])


def _file_bytes(store: HoldingsStore) -> int:
    """The size of the append-only file, written anew if the server has just begun to."""
    wait_until("the file", lambda: not store.client.info("persistence")["aof_rewrite_in_progress"])
    return cast("int", store.client.info("persistence")["aof_current_size"])
