"""A store that evicts is warned of; nothing is claimed of one that does not tell."""

from collections.abc import Iterator

import pytest
import redis

from southbound.config.settings import RedisSettings
from southbound.store.client import connect
from southbound.store.condition import Condition, read_condition
from tests.scraping.conftest import ScraperOf


@pytest.fixture
def client(redis_settings: RedisSettings) -> Iterator[redis.Redis]:
    """Of a store whose memory is limited as it was at the end."""
    with connect(redis_settings) as client:
        yield client
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")
        client.acl_deluser("blind")


@pytest.mark.parametrize(
    ("limit", "policy", "eviction"),
    [
        ("0", "noeviction", ""),
        ("0", "allkeys-lru", ""),
        ("900mb", "noeviction", ""),
        ("900mb", "allkeys-lru", "allkeys-lru"),
        ("900mb", "allkeys-random", "allkeys-random"),
        ("900mb", "volatile-ttl", "volatile-ttl"),
    ],
)
def test_a_store_evicts_that_has_a_limit_and_a_policy(
    limit: str, policy: str, eviction: str, client: redis.Redis
) -> None:
    client.config_set("maxmemory", limit)
    client.config_set("maxmemory-policy", policy)

    assert read_condition(client) == Condition(is_replica=False, eviction=eviction)


def test_what_is_at_stake_is_named() -> None:
    assert Condition().warning == ""
    assert "may remove days" in Condition(eviction="allkeys-lfu").warning
    assert "notes of mails sent" in Condition(eviction="volatile-lru").warning


def test_of_a_store_that_does_not_tell_nothing_is_claimed(
    client: redis.Redis, redis_settings: RedisSettings
) -> None:
    client.config_set("maxmemory", "900mb")
    client.config_set("maxmemory-policy", "allkeys-lru")
    client.execute_command("ACL", "SETUSER", "blind", "on", ">word", "~*", "+@all", "-info", "-config")  # type: ignore[no-untyped-call]

    with connect(RedisSettings(url=redis_settings.url.replace("//", "//blind:word@"))) as blind:
        assert read_condition(blind) == Condition()


def test_the_scraper_warns_once_at_its_start(
    client: redis.Redis, scraper_of: ScraperOf, caplog: pytest.LogCaptureFixture
) -> None:
    client.config_set("maxmemory", "900mb")
    client.config_set("maxmemory-policy", "allkeys-lru")

    scraper_of(backfill_days=3).run_once()

    warned = [record for record in caplog.records if "maxmemory-policy allkeys-lru" in record.message]
    assert [record.levelname for record in warned] == ["WARNING"]
