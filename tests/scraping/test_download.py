"""Files are had through the proxy that the environment names, as the page is."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from replay.site import ReplaySite
from southbound.common.errors import SiteUnavailable
from southbound.scraping.download import download
from tests.doors.tls_door import TlsDoor
from tests.small_proxy import SmallProxy

FILE = "DailyStat/data_tab_daily_20260227e.js"
HOST = "www.hkex.test"
NAMES = [f"{kind}_proxy" for kind in ("http", "https", "all", "no")]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Sets a variable; there is none of a proxy before."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch.setenv


@pytest.fixture
def door(official_url: str, tmp_path: Path, environment: Callable[[str, str], None]) -> Iterator[TlsDoor]:
    """The site behind a certificate that is trusted."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    environment("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with TlsDoor(urlsplit(official_url).port or 0, context) as door:
        yield door


@pytest.fixture
def proxy(door: TlsDoor) -> Iterator[SmallProxy]:
    """It alone knows where the host is."""
    with SmallProxy({HOST: door.port}) as proxy:
        yield proxy


def fetched(url: str) -> bytes:
    with download(url, 10.0) as parts:
        return b"".join(parts)


def test_an_https_file_comes_through_a_tunnel_of_the_proxy_and_a_plain_one_by_its_address(
    proxy: SmallProxy,
    official_url: str,
    site: ReplaySite,
    environment: Callable[[str, str], None],
) -> None:
    environment("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    assert fetched(f"https://{HOST}/{FILE}").startswith(b"tabData")
    with SmallProxy({HOST: urlsplit(official_url).port or 0}) as plain:
        environment("http_proxy", f"127.0.0.1:{plain.port}")
        assert fetched(f"http://{HOST}/{FILE}").startswith(b"tabData")

    assert proxy.asked == [f"{HOST}:443"]
    assert plain.asked == [f"http://{HOST}/{FILE}"]
    assert [request.path for request in site.official.requests] == [FILE, FILE]


def test_a_proxy_that_wants_a_password_is_given_it_and_a_wrong_one_is_named_without_it(
    proxy: SmallProxy, site: ReplaySite, environment: Callable[[str, str], None]
) -> None:
    proxy.login = "me@office:s3cret/word"
    environment("ALL_PROXY", f"http://me%40office:s3cret%2Fword@127.0.0.1:{proxy.port}")
    assert fetched(f"https://{HOST}/{FILE}").startswith(b"tabData")

    environment("ALL_PROXY", f"http://me:wr0ng@127.0.0.1:{proxy.port}")
    with pytest.raises(SiteUnavailable, match="407") as refused:
        fetched(f"https://{HOST}/{FILE}")

    assert "wr0ng" not in str(refused.value)
    assert len(site.official.requests) == 1


def test_what_no_proxy_excepts_and_this_machine_are_reached_directly(
    proxy: SmallProxy, official_url: str, environment: Callable[[str, str], None]
) -> None:
    environment("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    environment("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
    assert fetched(official_url + FILE).startswith(b"tabData")
    environment("NO_PROXY", "example.org, 192.0.2.0/24")

    with pytest.raises(SiteUnavailable), download(f"https://192.0.2.1/{FILE}", 0.2):
        pass  # nobody has that address

    assert proxy.asked == []


def test_a_proxy_that_is_away_or_of_another_kind_is_a_trouble_of_its_source(
    free_port: int, environment: Callable[[str, str], None]
) -> None:
    environment("HTTPS_PROXY", f"http://127.0.0.1:{free_port}")
    with pytest.raises(SiteUnavailable):
        fetched(f"https://{HOST}/{FILE}")
    environment("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(SiteUnavailable, match="want an HTTP proxy"):
        fetched(f"https://{HOST}/{FILE}")


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    door: TlsDoor, proxy: SmallProxy, environment: Callable[[str, str], None], tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "another.pem"))
    environment("SSL_CERT_FILE", str(tmp_path / "another.pem"))
    environment("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")

    with pytest.raises(SiteUnavailable, match=r"(?i)certificate"):
        fetched(f"https://{HOST}/{FILE}")

    assert door.passed == 0
