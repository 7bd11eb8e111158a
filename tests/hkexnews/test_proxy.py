"""Which proxy an address is reached through, by the variables that other programs know, too."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st

from southbound.hkexnews.proxy import Proxy, UnusableProxy, pac_url, proxy_for

SITE, PLAIN = "https://www3.hkexnews.hk/page?t=hk", "http://www3.hkexnews.hk/page?t=hk"
P, Q = Proxy("http", "p.example", 8080), Proxy("http", "q.example", 8080)
BOTH = {"HTTP_PROXY": "http://q.example:8080", "HTTPS_PROXY": "http://p.example:8080"}


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, SITE, None),
        (BOTH, SITE, P),
        (BOTH, PLAIN, Q),
        ({"HTTP_PROXY": "http://q.example:8080"}, SITE, None),
        ({"https_proxy": "p.example:8080"}, SITE, P),
        ({"https_proxy": "http://p.example:8080", "HTTPS_PROXY": "http://q.example:8080"}, SITE, P),
        ({"https_proxy": "", "HTTPS_PROXY": "http://q.example:8080"}, SITE, None),
        ({"ALL_PROXY": "http://p.example:8080/"}, SITE, P),
        ({"all_proxy": "p.example:8080"}, PLAIN, P),
        (BOTH | {"ALL_PROXY": "http://other.example"}, SITE, P),
        ({"ALL_PROXY": "http://p.example"}, SITE, Proxy("http", "p.example", 80)),
        ({"ALL_PROXY": "https://p.example"}, SITE, Proxy("https", "p.example", 443)),
        ({"ALL_PROXY": "socks5h://p.example"}, SITE, Proxy("socks5h", "p.example", 1080)),
        ({"ALL_PROXY": "http://[2001:db8::1]:3128"}, SITE, Proxy("http", "2001:db8::1", 3128)),
        ({"ALL_PROXY": " http://p.example:8080 "}, SITE, P),
        (
            {"ALL_PROXY": "http://me%40work:p%3Aw%2Fd@p.example:8080"},
            SITE,
            Proxy("http", "p.example", 8080, "me@work", "p:w/d"),
        ),
    ],
)
def test_the_environment_names_a_proxy(environment: dict[str, str], url: str, proxy: Proxy | None) -> None:
    assert proxy_for(url, environment) == proxy


@pytest.mark.parametrize(
    ("excepted", "host", "direct"),
    [
        ("*", "www3.hkexnews.hk", True),
        ("", "www3.hkexnews.hk", False),
        (" , ", "www3.hkexnews.hk", False),
        ("hkexnews.hk", "www3.hkexnews.hk", True),
        (".hkexnews.hk", "www3.hkexnews.hk", True),
        (".hkexnews.hk", "hkexnews.hk", True),
        ("*.hkexnews.hk", "www3.hkexnews.hk", True),
        ("HKEXnews.HK", "www3.hkexnews.hk", True),
        ("hkexnews.hk.", "www3.hkexnews.hk", True),
        ("xnews.hk", "www3.hkexnews.hk", False),
        ("www3.hkexnews.hk.example", "www3.hkexnews.hk", False),
        ("example.com, www3.hkexnews.hk", "www3.hkexnews.hk", True),
        ("example.com www3.hkexnews.hk", "www3.hkexnews.hk", True),
        ("www3.hkexnews.hk:443", "www3.hkexnews.hk", True),
        ("www3.hkexnews.hk:80", "www3.hkexnews.hk", False),
        (".hkexnews.hk:8443", "www3.hkexnews.hk:8443", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.30", False),
        ("10.1.2.3:443", "10.1.2.3", True),
        ("10.1.0.0/16", "10.1.2.3", True),
        ("10.1.0.0/16", "10.2.2.3", False),
        ("10.1.2.3/16", "10.1.9.9", True),
        ("10.1.0.0/16", "www3.hkexnews.hk", False),
        ("2001:db8::/32", "[2001:db8::5]", True),
        ("2001:db8::5", "[2001:db8:0::5]", True),
        ("[2001:db8::5]:443", "[2001:db8::5]", True),
        ("[2001:db8::5]:80", "[2001:db8::5]", False),
        ("<local>", "mirror", True),
        ("<local>", "www3.hkexnews.hk", False),
        ("1.2.3.4/99, nonsense/8", "www3.hkexnews.hk", False),
        ("", "localhost", True),
        ("", "127.0.0.1:8000", True),
        ("", "[::1]:8000", True),
        ("example.com", "demo.localhost:8000", True),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_what_is_excepted_is_reached_directly(
    excepted: str, host: str, variable: str, *, direct: bool
) -> None:
    environment = BOTH | {variable: excepted}

    assert (proxy_for(f"https://{host}/page", environment) is None) is direct


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("ftp://p.example:21", "one of the schemes http, https, socks"),
        ("http://:8080", "want an address like http://proxy.example.com:8080"),
        ("http://p.example:99999", "want an address like"),
        ("http://p.example:port", "want an address like"),
        ("http://p exa.example", "want an address like"),
        ('http://p.example";alert(1)//', "want an address like"),
        ("http://[::1", "want an address like"),
        ("http://[v1.a]:8080", "want an address like"),
        ("http://p.example:8080\n", ""),
        ("socks5://me:secret@p.example", "Chromium does not log in at a SOCKS proxy"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_with_its_variable_and_never_shown(
    value: str, wanted: str
) -> None:
    if not wanted:
        assert proxy_for(SITE, {"HTTPS_PROXY": value}) == P
        return
    with pytest.raises(UnusableProxy, match=wanted) as caught:
        proxy_for(SITE, {"HTTPS_PROXY": value})

    assert str(caught.value).startswith("HTTPS_PROXY: ")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(), st.text(), st.text())
def test_whatever_the_environment_says_there_is_a_proxy_or_none_or_one_line(
    proxy: str, small: str, excepted: str
) -> None:
    found: Proxy | str | None
    try:
        found = proxy_for(SITE, {"HTTPS_PROXY": proxy, "all_proxy": small, "NO_PROXY": excepted})
    except UnusableProxy as error:
        found = str(error)

    match found:
        case str():
            assert found.isprintable()
        case Proxy():
            assert found.host
            assert 0 < found.port < 65_536


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_login_is_taken_as_it_was_written_and_shown_nowhere(username: str, password: str) -> None:
    login = f"{quote(username, safe='')}:{quote(password, safe='')}"

    found = proxy_for(SITE, {"HTTPS_PROXY": f"http://{login}@p.example:8080"})

    assert found == Proxy("http", "p.example", 8080, username, password)
    assert repr(found) == repr(P)


def test_the_file_for_chromium_names_the_site_and_the_proxy_alone() -> None:
    url = pac_url(Proxy("socks5h", "2001:db8::1", 1080, "me", "secret"), ["https://www3.hkexnews.hk"])

    script = base64.b64decode(url.partition(",")[2]).decode()
    assert '["https://www3.hkexnews.hk"]' in script
    assert '"SOCKS5 [2001:db8::1]:1080" : "DIRECT"' in script
    assert "secret" not in script
