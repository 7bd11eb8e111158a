"""As whom, how and with what Chromium is started."""

import pytest

from southbound.hkexnews.launch import Launch, User, environment, is_of, launches, places, site_flags, warning
from southbound.hkexnews.proxy import Proxy

NOBODY = User("nobody", 65534, 65534)
OURSELVES, OURSELVES_BARE = Launch(None, sandbox=True), Launch(None, sandbox=False)


@pytest.mark.parametrize(
    ("root", "other", "ways", "warned"),
    [
        (False, None, (OURSELVES, OURSELVES_BARE), ["", "without its sandbox"]),
        (False, NOBODY, (OURSELVES, OURSELVES_BARE), ["", "without its sandbox"]),
        (
            True,
            NOBODY,
            (Launch(NOBODY, sandbox=True), Launch(NOBODY, sandbox=False)),
            ["", "without its sandbox, which"],
        ),
        (True, None, (OURSELVES_BARE,), ["as root and without its sandbox"]),
    ],
)
def test_the_safest_way_comes_first_and_the_others_are_warned_of(
    root: bool,  # noqa: FBT001
    other: User | None,
    ways: tuple[Launch, ...],
    warned: list[str],
) -> None:
    assert launches(root=root, other=other) == ways
    for way, words in zip(ways, warned, strict=True):
        said = warning(way, root=root)
        assert words in said
        assert bool(words) == bool(said)


@pytest.mark.parametrize(
    ("url", "proxy", "rules"),
    [
        ("https://www3.hkexnews.hk/p?t=hk", None, "MAP www3.hkexnews.hk:443 www3.hkexnews.hk:443"),
        ("http://127.0.0.1:8000/p", None, "MAP 127.0.0.1:8000 127.0.0.1:8000"),
        ("http://[::1]:8000/p", None, "MAP [::1]:8000 [::1]:8000"),
        ("http://Mirror.example/p", None, "MAP mirror.example:80 mirror.example:80, MAP mirror.example:443 "),
        ("https://例え.example/p", None, "MAP xn--r8jz45g.example:443"),
        ("https://a.example/", Proxy("http", "p.example", 8080), "MAP p.example:8080 p.example:8080"),
    ],
)
def test_one_site_is_reached_and_nothing_else(url: str, proxy: Proxy | None, rules: str) -> None:
    flags = list(site_flags(url, proxy))

    assert rules in flags[0]
    assert flags[0].endswith(", MAP * ~NOTFOUND")
    assert flags[1].partition("=")[0] == ("--proxy-pac-url" if proxy else "--no-proxy-server")


@pytest.mark.parametrize(
    ("url", "site", "same"),
    [
        ("https://www3.hkexnews.hk/other", "https://www3.hkexnews.hk/p", True),
        ("https://www3.hkexnews.hk:443/", "https://WWW3.hkexnews.hk/p", True),
        ("https://www3.hkexnews.hk/", "http://www3.hkexnews.hk/p", True),
        ("http://www3.hkexnews.hk/", "https://www3.hkexnews.hk/p", False),
        ("https://www3.hkexnews.hk:8443/", "https://www3.hkexnews.hk/p", False),
        ("https://www.hkexnews.hk/", "https://www3.hkexnews.hk/p", False),
        ("https://www3.hkexnews.hk.example/", "https://www3.hkexnews.hk/p", False),
        ("https://www3.hkexnews.hk@example.com/", "https://www3.hkexnews.hk/p", False),
        ("http://localhost:8000/", "http://127.0.0.1:8000/p", False),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8000/p", False),
        ("about:blank", "http://127.0.0.1:8000/p", False),
        ("http://127.0.0.1:nine/", "http://127.0.0.1:8000/p", False),
        ("http://[::1", "http://[::1]:8000/p", False),
    ],
)
def test_what_is_of_the_site(url: str, site: str, *, same: bool) -> None:
    assert is_of(url, site) is same


def test_an_origin_is_written_as_chromium_writes_it() -> None:
    assert [place.origin for place in places("http://Mirror.example/p")] == [
        "http://mirror.example",
        "https://mirror.example",
    ]
    assert [place.origin for place in places("https://[2001:db8::1]:8443/p")] == [
        "https://[2001:db8::1]:8443"
    ]


def test_the_browser_is_given_nothing_of_our_environment_that_it_does_not_need() -> None:
    ours = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "HOME": "/home/me",
        "HTTPS_PROXY": "http://me:secret@p.example",
        "https_proxy": "http://me:secret@p.example",
        "SMTP_PASSWORD": "secret",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TMPDIR": "/elsewhere",
    }

    given = environment(ours, "/tmp/x/t", None)

    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), "/tmp/x/t")
    assert given == {"PATH": "/bin", "LC_ALL": "C", "HOME": "/tmp/x/t", **temporary}
    assert environment(ours, "/tmp/x/t", "/home/me")["HOME"] == "/home/me"
