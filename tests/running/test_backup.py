"""A backup of the store, as docs/operations.md makes it: its folder, copied while nothing writes there."""

import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.running.embedded_store import serving
from southbound.store.holdings_store import HoldingsStore

READER = "reader@example.org"


def store_at(port: int) -> HoldingsStore:
    return HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{port}/0"))


def test_a_copy_of_the_folder_is_the_store_at_another_place_with_days_version_and_mails(
    recorded: Mapping[date, DailyHoldings], tmp_path: Path
) -> None:
    days = sorted(recorded)[-3:]
    here, there = free_ports(0, 0)
    with serving(here, tmp_path / "data"), closing(store_at(here).client) as client:
        store = HoldingsStore(client, "data_updated")
        for day in days:
            store.put(recorded[day])
        deliveries = store.delivery_log(days[-1])
        assert deliveries.claim(READER, "<1>")
        deliveries.close(READER, "sent", "<1>")
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    shutil.rmtree(tmp_path / "data")

    with serving(there, tmp_path / "copy"), closing(store_at(there).client) as client:
        store = HoldingsStore(client, "data_updated")
        assert store.dates() == days
        assert store.version() == 3
        for day in days:
            kept = store.get(day)
            assert kept is not None
            assert kept.to_json() == recorded[day].to_json()
        assert store.delivery_log(days[-1]).open_recipients([READER]) == []
