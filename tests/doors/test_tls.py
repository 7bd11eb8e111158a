"""`rediss://`: the store behind a certificate, which is verified, and no way around it."""

import ssl
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
import trustme

from southbound.common.errors import StoreRefused, StoreUnavailable
from southbound.config.settings import RedisSettings, load
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.doors.conftest import DASHBOARD, SCRAPER, Guarded, Run
from tests.doors.tls_door import TlsDoor

FRIDAY = date(2026, 2, 27)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    """The certificate of the door's authority."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def door(guarded: Guarded, authority: trustme.CA) -> Iterator[TlsDoor]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with TlsDoor(guarded.port, context) as door:
        yield door


def at(url: str) -> HoldingsStore:
    """As the configuration takes it."""
    return HoldingsStore.at(load(Path("/"), {"REDIS_URL": url}).redis)


def test_with_user_password_and_a_trusted_certificate_it_opens(
    door: TlsDoor, trusted: Path, recorded: Mapping[date, DailyHoldings]
) -> None:
    url = f"localhost:{door.port}/0?ssl_ca_certs={trusted}"
    scraper = at(f"rediss://{SCRAPER}:scraper-password@{url}")
    dashboard = at(f"rediss://{DASHBOARD}:dashboard-password@{url}")
    notifications = dashboard.notifications()
    assert notifications.wait(5)

    scraper.put(recorded[FRIDAY])

    assert notifications.wait(5)
    assert dashboard.dates() == [FRIDAY]
    notifications.close()
    for store in (scraper, dashboard):
        store.client.close()


def test_an_authority_of_the_environment_is_trusted_too(
    door: TlsDoor, trusted: Path, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    store = at(
        guarded.url(SCRAPER)
        .replace("redis:", "rediss:")
        .replace(f"127.0.0.1:{guarded.port}", f"localhost:{door.port}")
    )

    store.reach()

    store.client.close()


def test_who_is_refused_behind_the_certificate_is_told_so(door: TlsDoor, trusted: Path) -> None:
    store = at(f"rediss://{SCRAPER}:forgotten@localhost:{door.port}/0?ssl_ca_certs={trusted}")

    with pytest.raises(StoreRefused, match=f"the user {SCRAPER} is not taken"):
        store.reach()
    store.client.close()


@pytest.mark.parametrize(
    ("host", "options", "reason"),
    [
        ("localhost", "", "unable to get local issuer certificate"),
        ("127.0.0.1", "?ssl_ca_certs={trusted}", "certificate is not valid for '127.0.0.1'"),
    ],
    ids=["an authority that nobody knows", "another host's certificate"],
)
def test_a_certificate_that_is_not_trusted_is_refused_and_nothing_falls_back(
    host: str, options: str, reason: str, door: TlsDoor, trusted: Path
) -> None:
    store = at(f"rediss://{SCRAPER}:scraper-password@{host}:{door.port}/0{options.format(trusted=trusted)}")

    with pytest.raises(StoreRefused) as caught:
        store.reach()

    assert str(caught.value).startswith(f"the store at {host}:{door.port} is not trusted: ")
    assert reason in str(caught.value)
    assert str(caught.value).endswith("?ssl_ca_certs= in REDIS_URL names your own authority")
    assert door.passed == 0
    store.client.close()


def test_an_authority_that_cannot_be_read_is_named(door: TlsDoor, tmp_path: Path) -> None:
    store = HoldingsStore.at(
        RedisSettings(url=f"rediss://localhost:{door.port}/0?ssl_ca_certs={tmp_path}/none.pem")
    )

    with pytest.raises(StoreUnavailable, match="No such file or directory"):
        store.reach()
    assert door.passed == 0
    store.client.close()


def test_a_plain_address_does_not_open_a_door_with_a_certificate(door: TlsDoor, guarded: Guarded) -> None:
    store = at(guarded.url(SCRAPER).replace(str(guarded.port), str(door.port)))

    with pytest.raises(StoreUnavailable, match="does not answer"):
        store.reach()
    assert door.passed == 0
    store.client.close()


def test_a_command_names_the_certificate(door: TlsDoor, run: Run) -> None:
    ended = run("email_automation.py", "--once", REDIS_URL=f"rediss://localhost:{door.port}/0")

    assert ended.returncode == 1
    assert f"the store at localhost:{door.port} is not trusted: unable to get local issuer" in ended.stdout
    assert "Traceback" not in ended.stdout
