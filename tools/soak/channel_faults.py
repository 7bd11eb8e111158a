"""Anybody may publish anything on the channel."""

from collections.abc import Callable
from random import Random

import redis

from tools.soak.environment import Environment, NothingToHit

CHANNEL = "data_updated"
NO_DATES = (
    "",
    "yesterday",
    "2026-02-31",
    "20260213",
    "2026-02-13 ",
    '{"date": "2026-02-13"}',
    "=1+1",
    "\x00",
)
THOUSANDS = 4000
HUGE_BYTES = 8 * 2**20


def _publish(payloads: Callable[[Random], list[str | bytes]]) -> Callable[[Environment, Random], None]:
    def begin(environment: Environment, random: Random) -> None:
        try:
            with environment.store.pipeline(transaction=False) as pipeline:
                for payload in payloads(random):
                    pipeline.publish(CHANNEL, payload)
                pipeline.execute()
        except redis.RedisError as error:
            raise NothingToHit(f"no store: {error}") from error

    return begin


def _thousands(random: Random) -> list[str | bytes]:
    return [random.choice([*NO_DATES, "2031-01-02", "2026-02-13"]) for _ in range(THOUSANDS)]


FAULTS: dict[str, Callable[[Environment, Random], None]] = {
    "channel: no date": _publish(lambda random: [random.choice(NO_DATES)]),
    "channel: a date that is not stored": _publish(lambda _random: ["2031-01-02"]),
    "channel: bytes that are no text": _publish(lambda random: [b"\xff\xfe" + random.randbytes(40)]),
    "channel: 8 MB": _publish(lambda _random: ["2026-02-13" * (HUGE_BYTES // 10)]),
    "channel: thousands at once": _publish(_thousands),
}
